"""A clip to look at templates with, made from nothing but a cover. In: a template, a cover; out: a `Content`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from clipper.picture import compose
from clipper.picture.content import ChapterArt, Content, Levels
from clipper.picture.quotation import quotation
from clipper.picture.template import Template
from clipper.speech.model import Word

FPS = 30.0
SECONDS = 12.0
_A_LETTER, _A_WORD, _A_STOP = 0.033, 0.16, 0.35  # seconds that letters, words and ends of sentences take


def specimen(
    template: Template,
    format_name: str,
    cover: Image.Image,
    text: str = "plain",
    *,
    chapters: Sequence[ChapterArt] = (),
    speakers: bool = True,
) -> Content:
    """A clip of `SECONDS` in one shape.

    Args:
        text: a name in specimen.toml: "plain", "short", "long", "accents", "arabic", "arabic-long", "japanese", ...
        speakers: whether it is known who talks.

    Raises:
        InputError: the template's fonts lack a character.
    """
    show, said = _data()["show"], _data()["texts"][text]
    names = show["speakers"] if speakers else [None, None]
    words = spoken(said["said"], names)
    language = {"arabic": "ar", "japanese": "ja"}.get(text.partition("-")[0], "en")
    quoted = quotation(words, said.get("quotation", ""))
    groups = compose.captions(template, format_name, words, SECONDS, language)
    return Content(
        cover=cover,
        headline=said["headline"],
        show=show["show"],
        number=show["number"],
        title=show["title"],
        guest=show["guest"],
        handle=show["handle"],
        where=show["where"],
        quotation=quoted.text,
        quoted=quoted.speaker,
        groups=groups,
        levels=rolling(round(SECONDS * FPS)),
        chapters=chapters,
        language=language,
        call=Content(cover).call if language == "en" else "",
    )


def without_words(content: Content) -> Content:
    """The same clip with nothing to read."""
    return replace(
        content, headline="", show="", number="", title="", guest="", handle="", where="", groups=(), call="",
        speakers=(), quotation="", quoted="",
    )  # fmt: skip


def spoken(sentences: Sequence[str], names: Sequence[str | None]) -> list[Word]:
    """Words at a speaker's pace, a sentence a speaker; text without spaces goes by the character."""
    out: list[Word] = []
    at = 0.12
    for sentence, name in zip(sentences, names, strict=False):
        parts = sentence.split() if " " in sentence else [sentence[i : i + 3] for i in range(0, len(sentence), 3)]
        for part in parts:
            seconds = min(0.9, _A_WORD + _A_LETTER * len(part))
            out.append(Word(text=part, start=at, end=at + seconds, speaker=name, space=" " in sentence))
            at += seconds + 0.03
        at += _A_STOP
    return [w for w in out if w.end < SECONDS]


def rolling(frames: int) -> Levels:
    """Levels that rise and fall as speech does; the same each time."""
    rng = np.random.default_rng(5)
    swell = 0.30 + 0.55 * np.abs(np.sin(np.arange(frames) * 0.21))[:, None]
    tilt = np.linspace(1, 0.4, 64)[None]
    return np.asarray(np.clip(swell * tilt * rng.uniform(0.5, 1.1, (frames, 64)), 0, 1), dtype=np.float32)


def texts() -> tuple[str, ...]:
    """The names of the sentences that there are."""
    return tuple(_data()["texts"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
