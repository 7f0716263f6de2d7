"""WebVTT (.vtt), read and written: voices, times within a cue, entities.

Source: W3C WebVTT (Candidate Recommendation, 2019-04-04), sections 4 (syntax) and 6 (parsing).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from clipper import cache
from clipper.errors import one_line
from clipper.speech import languages
from clipper.speech.align import fill
from clipper.speech.formats.cues import Cue, build, without_sounds
from clipper.speech.formats.labels import said, speakers
from clipper.speech.formats.timed_text import Raw, raw_cues, stamp
from clipper.speech.limits import limits
from clipper.speech.model import Transcript, Word, join

_TAG = re.compile(r"<([^<>]{0,300})>")
_VOICE = re.compile(r"^v(?:\.[^\s]*)?\s+(.+)$", re.DOTALL)
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", '."', '?"', '!"', ".”", "?”", "!”")
_CLAUSE_BONUS = 0.2  # share of a sentence's length by which a cut may leave its middle to fall on a clause's end
_CLAUSE_ENDS = (",", ";", ":", "、", "，", "–", "—")


def recognises(text: str) -> bool:
    """Whether `text` begins as WebVTT must."""
    return re.match(r"WEBVTT(?:[ \t\n]|$)", text.lstrip("\ufeff \n")) is not None


def read(text: str, name: str, duration: float | None) -> Transcript:
    """A transcript of WebVTT text.

    Raises:
        InputError: a broken line of times, no words, times that cannot be mended.
    """
    header = re.search(r"^Language:\s*([\w-]+)", text.partition("\n\n")[0], re.MULTILINE)
    language = (languages.code(header[1]) if header else None) or languages.UNKNOWN
    cues = [piece for raw in raw_cues(text, name, blank_ends=True) for piece in _pieces(raw)]
    if not any(cue.speaker for cue in cues):
        known = speakers(cue.text for cue in cues)
        cues = [
            Cue(words, cue.start, cue.end, cue.where, speaker, number=cue.number)
            for cue in cues
            for speaker, words in (said(cue.text, known),)
        ]
    return build(cues, name=name, duration=duration, language=language)


def _pieces(raw: Raw) -> Iterator[Cue]:
    """A cue cut where its voice changes and where it says the time of a word."""
    parts: list[tuple[str, float | None, str | None]] = []
    speaker: str | None = None
    at: float | None = None
    last = 0
    text = "\n".join(raw.lines)
    for tag in [*_TAG.finditer(text), None]:
        words = text[last : tag.start() if tag else len(text)]
        clean = html.unescape(without_sounds(words))
        if clean.strip():
            parts.append((clean, at, speaker))
            at = None
        if tag is None:
            break
        last = tag.end()
        voice = _VOICE.match(tag[1])
        if voice:
            speaker = one_line(html.unescape(voice[1]), 80) or None
        elif tag[1].startswith("/v"):
            speaker = None
        else:
            time = stamp(tag[1])
            at = time if time is not None else at
    if not parts:
        return
    if all(at is None and who == parts[0][2] for _, at, who in parts):
        yield Cue("".join(words for words, _, _ in parts), raw.start, raw.end, f"line {raw.line}", parts[0][2])
        return
    times = fill([at for _, at, _ in parts], [words for words, _, _ in parts], raw.start, max(raw.start, raw.end))
    for (words, _, who), (start, end) in zip(parts, times, strict=True):
        yield Cue(words, start, end, f"line {raw.line}", who)


def write_vtt(transcript: Transcript, path: Path) -> None:
    """Writes cues that can be read: two lines of 42 characters, ending with sentences and pauses, with speakers.

    Raises:
        MissingError: the file cannot be written.
    """
    cache.write_text(path, "".join(_blocks(transcript)))


def _blocks(transcript: Transcript) -> Iterator[str]:
    shape = limits().cue
    yield "WEBVTT\n"
    if transcript.language != languages.UNKNOWN:
        yield f"Language: {transcript.language}\n"
    groups = list(_grouped(transcript.words))
    for i, words in enumerate(groups):
        start = words[0].start
        end = max(words[-1].end, start + shape.least)
        if i + 1 < len(groups) and groups[i + 1][0].start > start:
            end = min(end, max(groups[i + 1][0].start, start + 0.001))
        body = "\n".join(html.escape(line, quote=False) for line in wrapped(words))
        speaker = words[0].speaker
        voice = f"<v {html.escape(one_line(speaker, 80), quote=False)}>" if speaker else ""
        yield f"\n{_time(start)} --> {_time(max(end, start + 0.001))}\n{voice}{body}\n"


def _time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _grouped(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Runs of words that make one cue: whole sentences as far as they fit, long ones in parts of about one length."""
    pause = limits().cue.pause
    run: list[Word] = []
    for sentence in _sentences(words):
        for part in _parts(sentence):
            joins = run and part[0].speaker == run[0].speaker and part[0].start - run[-1].end < pause
            if joins and len(join(run)) < limits().cue.line / 2 and _fits([*run, *part]):
                run.extend(part)
                continue
            if run:
                yield run
            run = list(part)
    if run:
        yield run


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Runs that end where a sentence does, where a pause is, or where the speaker changes."""
    run: list[Word] = []
    for word in words:
        if run and (word.speaker != run[0].speaker or word.start - run[-1].end >= limits().cue.pause):
            yield run
            run = []
        run.append(word)
        if word.text.endswith(_SENTENCE_ENDS):
            yield run
            run = []
    if run:
        yield run


def _parts(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words in halves, and halves of halves, until each fits a cue; cut at a clause's end near the middle."""
    if len(words) < 2 or _fits(words):
        yield words
        return
    lengths = list(accumulate(len(word.text) + word.space for word in words))

    def cost(i: int) -> float:
        away = abs(lengths[i - 1] - lengths[-1] / 2) / lengths[-1]
        return away - (_CLAUSE_BONUS if words[i - 1].text.endswith(_CLAUSE_ENDS) else 0.0)

    cut = min(range(1, len(words)), key=cost)
    yield from _parts(words[:cut])
    yield from _parts(words[cut:])


def _fits(words: Sequence[Word]) -> bool:
    shape = limits().cue
    if sum(len(word.text) for word in words) > shape.line * shape.lines:
        return False
    return len(wrapped(words)) <= shape.lines and words[-1].end - words[0].start <= shape.longest


def wrapped(words: Sequence[Word]) -> list[str]:
    """The words as lines of at most 42 characters (a longer word has a line of its own), two of about one length."""
    limit = limits().cue.line
    text = join(list(words))
    if len(text) <= limit:
        return [text]
    lines = _lines(words, limit)
    if len(lines) == 2:
        for narrow in range(len(text) // 2, limit):
            even = _lines(words, narrow)
            if len(even) == 2 and max(map(len, even)) <= limit:
                return even
    return lines


def _lines(words: Sequence[Word], limit: int) -> list[str]:
    lines = [words[0].text]
    for word in words[1:]:
        longer = lines[-1] + (" " if word.space else "") + word.text
        if len(longer) <= limit:
            lines[-1] = longer
        else:
            lines.append(word.text)
    return lines
