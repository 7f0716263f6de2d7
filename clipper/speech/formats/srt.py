"""SubRip subtitles (.srt). In: text; out: a `Transcript`."""

from __future__ import annotations

import html
import re

from clipper.speech.formats.cues import Cue, build, without_sounds
from clipper.speech.formats.labels import said, speakers
from clipper.speech.formats.timed_text import has_times, raw_cues
from clipper.speech.model import Transcript

_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")


def recognises(text: str) -> bool:
    """Whether `text` is SRT: it has lines with two times (and is not WebVTT, which is asked before)."""
    return has_times(text)


def read(text: str, name: str, duration: float | None) -> Transcript:
    """A transcript of SRT text; HTML-like and ASS-like tags are dropped, "Name:" labels become speakers.

    Raises:
        InputError: a broken line of times, no words, times that cannot be mended.
    """
    raw = raw_cues(text, name, blank_ends=False)
    texts = [without_sounds(html.unescape(_TAG.sub("", "\n".join(cue.lines)))) for cue in raw]
    known = speakers(texts)
    cues = []
    for cue, plain in zip(raw, texts, strict=True):
        speaker, words = said(plain, known)
        cues.append(Cue(words, cue.start, cue.end, f"line {cue.line}", speaker))
    return build(cues, name=name, duration=duration)
