"""The podcast namespace's JSON transcript. In: a parsed document; out: a `Transcript`.

{"version": "1.0.0", "segments": [{"speaker", "startTime", "endTime", "body"}]}
Source: github.com/Podcastindex-org/podcast-namespace, transcripts/transcripts.md.
"""

from __future__ import annotations

from typing import Any

from clipper.errors import InputError
from clipper.speech.formats.cues import Cue, build, without_sounds
from clipper.speech.formats.json_text import seconds, text_of
from clipper.speech.model import Transcript


def recognises(document: object) -> bool:
    """Whether a JSON document has segments with "startTime" and "body"."""
    rows = document.get("segments") if isinstance(document, dict) else None
    return bool(isinstance(rows, list) and rows and isinstance(rows[0], dict) and "startTime" in rows[0])


def read(document: Any, name: str, duration: float | None) -> Transcript:
    """A transcript of a parsed document.

    Raises:
        InputError: no words, values that are no times, times that cannot be mended.
    """
    cues = []
    speaker: str | None = None
    for i, row in enumerate(document["segments"]):
        where = f"segment {i}"
        if not isinstance(row, dict):
            raise InputError(f"{name}, {where}: not a segment", "export the transcript again")
        # A speaker holds until another is named.
        speaker = text_of(row.get("speaker")).strip() or speaker
        text = without_sounds(text_of(row.get("body")))
        if not text.strip():
            continue
        start = seconds(row.get("startTime"), name, where)
        end = seconds(row["endTime"], name, where) if row.get("endTime") is not None else None
        cues.append(Cue(text, start, end, where, speaker))
    return build(cues, name=name, duration=duration)
