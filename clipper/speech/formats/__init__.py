"""Transcripts that others made. In: a file; out: a `Transcript`. The form is recognised by what the file holds.

Recognised, in this order: WebVTT, JSON (podcast namespace, Whisper's family), SRT, plain text.
"""

from __future__ import annotations

from pathlib import Path

from clipper.errors import InputError
from clipper.speech.formats import plain, podcast_json, srt, vtt, whisper_json
from clipper.speech.formats.json_text import parse
from clipper.speech.formats.text_file import read_text
from clipper.speech.formats.vtt import write_vtt
from clipper.speech.formats.whisper_json import write_json
from clipper.speech.model import Transcript

__all__ = ["read_transcript", "write_json", "write_vtt"]


def read_transcript(path: Path, duration: float | None = None) -> Transcript:
    """The transcript in `path`, whatever its ending says.

    Args:
        duration: of the audio in seconds, to check against and to lay plain text over; None without audio.

    Raises:
        InputError: it cannot be read, is no transcript, or its times do not fit; the message names the place.
    """
    text = read_text(path)
    if vtt.recognises(text):
        return vtt.read(text, path.name, duration)
    if text.lstrip()[:1] in "{[" and (path.suffix.lower() == ".json" or text.rstrip()[-1:] in "}]"):
        document = parse(text, path.name)
        if podcast_json.recognises(document):
            return podcast_json.read(document, path.name, duration)
        if whisper_json.recognises(document):
            return whisper_json.read(document, path.name, duration)
        raise InputError(
            f"{path.name} is JSON, but no transcript", "clipper reads Whisper's JSON and the podcast namespace's"
        )
    if srt.recognises(text):
        return srt.read(text, path.name, duration)
    return plain.read(text, path.name, duration)
