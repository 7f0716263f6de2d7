"""openai-whisper's JSON, read (from whisper, faster-whisper, whisperX, the API, clipper) and written.

{"text", "language", "segments": [{"id", "start", "end", "text", "words": [{"word", "start", "end", "probability"}]}]};
clipper adds "schema", "duration", "source" and "timing", "speaker" where one is known and "overlap" where two people
may speak at once, so that nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from clipper import cache
from clipper.errors import InputError
from clipper.speech import languages
from clipper.speech.formats.cues import Cue, Timed, Timing, build
from clipper.speech.formats.json_text import parse, seconds, share, text_of
from clipper.speech.model import Transcript, Word, join

SCHEMA = 1
_TIMINGS: tuple[Timing, ...] = ("measured", "spread", "none")


def recognises(document: object) -> bool:
    """Whether a JSON document has segments or words with times as Whisper's family writes them."""
    rows = _segments(document) if isinstance(document, dict | list) else []
    return (
        bool(rows)
        and isinstance(rows[0], dict)
        and ("start" in rows[0] or "words" in rows[0] or "timestamp" in rows[0])
    )


def loads(text: str, name: str, duration: float | None = None) -> Transcript:
    """A transcript of JSON text; see `read`."""
    return read(parse(text, name), name, duration)


def read(document: Any, name: str, duration: float | None) -> Transcript:
    """A transcript of a parsed document. A document of clipper's own comes back as it was written.

    Raises:
        InputError: a newer schema, no words, values that are no times, times that cannot be mended.
    """
    facts = document if isinstance(document, dict) else {}
    ours = isinstance(facts.get("schema"), int)
    if ours and facts["schema"] > SCHEMA:
        raise InputError(
            f"{name} was written by a newer clipper", "update clipper, or have the audio transcribed again"
        )
    rows = _segments(document)
    if not rows:
        raise InputError(f"there are no segments in {name}", "export the transcript again, or leave --transcript out")
    named = text_of(facts.get("language"))
    language = languages.code(named) or (named if ours and named else languages.UNKNOWN)
    cues = [cue for i, row in enumerate(rows) for cue in _cue(row, i, name, languages.spaced(language), ours)]
    if duration is None and ours and "duration" in facts:
        duration = seconds(facts["duration"], name, "duration")
    return build(
        cues,
        name=name,
        duration=duration,
        language=language,
        source=text_of(facts.get("source")) if ours else "",
        timing=facts["timing"] if ours and facts.get("timing") in _TIMINGS else None,
    )


def _segments(document: Any) -> list[Any]:
    """The rows of a document: its segments, else its words, else itself."""
    if isinstance(document, list):
        return document
    for name in ("segments", "chunks", "words"):
        rows = document.get(name)
        if isinstance(rows, list) and rows:
            return rows
    return []


def _cue(row: Any, i: int, name: str, spaced: bool, ours: bool) -> Iterator[Cue]:
    where = f"segment {i}"
    if not isinstance(row, dict):
        raise InputError(f"{name}, {where}: not a segment", "export the transcript again")
    rows = row.get("words")
    words = tuple(_words(rows, name, where, spaced, ours)) if isinstance(rows, list) and rows else None
    text = text_of(row.get("text")) or text_of(row.get("word"))
    if words is None and not text.strip():
        return
    first, last = row.get("start"), row.get("end")
    if isinstance(row.get("timestamp"), list) and len(row["timestamp"]) == 2:
        first, last = row["timestamp"]
    starts = [w.start for w in words or () if w.start is not None]
    if first is None and starts:
        first = starts[0]
    start = seconds(first, name, where)
    end = seconds(last, name, where) if last is not None else None
    speaker = text_of(row.get("speaker")).strip() or None
    number = row.get("id") if ours and isinstance(row.get("id"), int) and not isinstance(row.get("id"), bool) else None
    yield Cue(text, start, end, where, speaker, words, number)


def _words(rows: Sequence[Any], name: str, where: str, spaced: bool, ours: bool) -> Iterator[Timed]:
    """The words of a segment. Where none of them brings its own space, each stands apart (whisperX, the API)."""
    whole = [row for row in rows if isinstance(row, dict) and text_of(row.get("word", row.get("text"))).strip()]
    texts = [text_of(row.get("word", row.get("text"))) for row in whole]
    led = ours or any(text[:1].isspace() for text in texts)
    pending: Timed | None = None
    for i, (row, text) in enumerate(zip(whole, texts, strict=True)):
        place = f"{where}, word {i}"
        start = seconds(row["start"], name, place) if row.get("start") is not None else None
        end = seconds(row["end"], name, place) if row.get("end") is not None else None
        confidence = share(row.get("probability", row.get("score", row.get("confidence"))))
        speaker = text_of(row.get("speaker")).strip() or None
        leads = text[:1].isspace() if led else spaced
        if pending and led and not leads and spaced and not ours:
            # A piece of the word before: "dry" + "-read".
            sure = min((c for c in (pending.confidence, confidence) if c is not None), default=None)
            pending = Timed(pending.text + text.strip(), pending.start, end, pending.space, sure, pending.speaker)
            continue
        if pending:
            yield pending
        space = leads if ours else leads or (spaced and i == 0)
        pending = Timed(text.strip(), start, end, space, confidence, speaker, row.get("overlap") is True)
    if pending:
        yield pending


def dumps(transcript: Transcript) -> str:
    """The transcript as JSON text that `loads` takes back without loss."""
    document = {
        "text": transcript.text(),
        "language": transcript.language,
        "duration": transcript.duration,
        "schema": SCHEMA,
        "source": transcript.source,
        "timing": transcript.timing,
        "segments": [_segment(cue, list(words)) for cue, words in groupby(transcript.words, key=lambda w: w.cue)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_json(transcript: Transcript, path: Path) -> None:
    """Writes transcript.json.

    Raises:
        MissingError: the file cannot be written.
    """
    cache.write_text(path, dumps(transcript))


def _segment(cue: int, words: list[Word]) -> dict[str, Any]:
    speakers = {word.speaker for word in words}
    row: dict[str, Any] = {
        "id": cue,
        "start": words[0].start,
        "end": max(w.end for w in words),
        "text": " " + join(words),
    }
    if len(speakers) == 1 and words[0].speaker is not None:
        row["speaker"] = words[0].speaker
    row["words"] = [
        {
            "word": (" " if word.space else "") + word.text,
            "start": word.start,
            "end": word.end,
            "probability": word.confidence,
            **({"speaker": word.speaker} if len(speakers) > 1 and word.speaker is not None else {}),
            **({"overlap": True} if word.overlap else {}),
        }
        for word in words
    ]
    return row
