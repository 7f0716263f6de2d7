"""Alt text: what a clip shows and says, for who does not see it. In: a `Content`; out: one paragraph, from alt.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from clipper.picture.content import Content
from clipper.picture.segments import graphemes
from clipper.picture.speakers import voices
from clipper.picture.template import Line, Shape

LONGEST = 1000  # graphemes: what every platform that takes alt text of a video takes
_WORDS = 24  # of what is said


def alt_text(
    content: Content,
    language: str | None = None,
    cover: str = "",
    longest: int = LONGEST,
    shape: Shape | None = None,
) -> str:
    """Show, cover, headline, who speaks and the first words.

    Args:
        shape: of the template, which says what stands on the picture: the headline, or a quotation in its place.
        language: of the clip, ISO 639-1; English where it is not known.
        cover: the cover's own alt text, where the feed has one.
        longest: in graphemes; the first words give way.
    """
    put = _phrases(language)
    texts = content.placeholders()
    said = [word for group in content.groups for word in group.words]
    words = " ".join(said[:_WORDS]) + ("…" if len(said) > _WORDS else "")
    names = tuple(content.speakers) or voices(content.groups)
    parts = []
    if texts["show-line"]:
        parts.append(put["what"].format(show=texts["show-line"].rstrip(".")))
    if cover:
        parts.append(put["cover"].format(cover=cover.strip().rstrip(".")))
    headline = texts["quotation"] if shape is not None and _quotes(shape) else texts["headline"]
    if headline:
        parts.append(_closed(put["headline"].format(headline=headline)))
    if words:
        if not names:
            parts.append(put["nobody"].format(words=words))
        elif len(names) == 1:
            parts.append(put["one"].format(speaker=names[0], words=words))
        else:
            together = f"{', '.join(names[:-1])} {put['and']} {names[-1]}"
            parts.append(put["several"].format(speakers=together, words=words))
    whole = graphemes(" ".join(parts))
    return "".join(whole) if len(whole) <= longest else "".join(whole[: longest - 1]).rstrip() + "…"


def _quotes(shape: Shape) -> bool:
    """Whether a quotation stands where others have the headline."""
    lines = [part.text for part in shape.all(Line)]
    return any("{quotation}" in text for text in lines) and not any(
        "{headline}" in text or "{hook}" in text for text in lines
    )


def _closed(sentence: str) -> str:
    """Without a second stop behind a headline that ends in a mark of its own."""
    for mark in "?!….":
        for quote in "”“»":
            sentence = sentence.replace(f"{mark}{quote}.", f"{mark}{quote}").replace(
                f"{mark} {quote}.", f"{mark} {quote}"
            )
    return sentence


def _phrases(language: str | None) -> dict[str, str]:
    rows = _data()
    return rows.get((language or "en").split("-")[0].lower(), rows["neutral"])


@cache
def _data() -> dict[str, dict[str, str]]:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: row for name, row in read.items() if isinstance(row, dict)}
