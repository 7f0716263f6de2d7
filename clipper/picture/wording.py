"""What the captions say: the words that were spoken, as the producer wants them read.

In: the transcript's words, the plan's text with its `*marks*`, wishes; out: a `Reading`, words with times from the
clip's start and which of them stand out. The producer's edits always win.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

from clipper.picture.phrases import bare
from clipper.picture.segments import clean, graphemes, spaceless
from clipper.plan.pieces import Pieces
from clipper.plan.tighten import sounds as hesitations
from clipper.span import Span
from clipper.speech.model import Word

# what cannot begin a piece: marks, closing punctuation, small kana, vowels that follow their consonant
_TAIL = regex.compile(r"[\p{M}\p{Pe}\p{Pf}、。，．：；！？・ーぁぃぅぇぉっゃゅょァィゥェォッャュョะาำๅๆฯ,.!?:;…%]")
_HEAD = regex.compile(r"[\p{Ps}\p{Pi}เแโใไ]$")  # and what cannot end one
_LETTER = r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{N}*]"
_MARKED = regex.compile(rf"(?<!{_LETTER})\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!{_LETTER})", regex.DOTALL)
_ON, _OFF = "\ue000", "\ue001"  # private characters that stand for the marks while text is cut up


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Which words are to stand out, by their numbers in the list of words that they are given with."""

    words: frozenset[int] = frozenset()

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Emphasis:
        return cls(frozenset(numbers))


@dataclass(frozen=True, slots=True)
class Reading:
    """Words to be shown, in order, times from the clip's start."""

    words: tuple[Word, ...]
    emphasis: Emphasis = Emphasis()


def read(
    words: Sequence[Word],
    text: str | None = None,
    *,
    emphasis: Emphasis | None = None,
    drop_hesitations: bool = False,
    language: str | None = None,
) -> Reading:
    """The words of a clip as they are to be read.

    Args:
        words: that were recognised, times from the clip's start (see `clip_words`).
        text: the same passage as the producer wrote it, `*stars*` around what is to stand out; its words are shown,
            at the times of those that were spoken. None or empty for the words as they were heard.
        emphasis: more words that are to stand out, by their numbers in `words`.
        drop_hesitations: leave out "uh" and its like, but not where the producer wrote them.
        language: ISO 639-1, whose hesitations are meant; without it those of all languages that are known.
    """
    shown = [(word, emphasis is not None and i in emphasis.words) for i, word in enumerate(words)]
    if drop_hesitations:
        shown = _without_hesitations(shown, language)
    if text and text.strip():
        shown = _edited(shown, text)
    return Reading(tuple(word for word, _ in shown), Emphasis.of(i for i, (_, loud) in enumerate(shown) if loud))


def clip_words(words: Sequence[Word], start: float, end: float) -> list[Word]:
    """The words that sound in the clip from `start` to `end`, with times from its start.

    A word belongs to the clip when its middle lies in it. Pieces without a space before them are joined to their word;
    in scripts without spaces only those that cannot stand alone.
    """
    joined: list[Word] = []
    for word in words:
        if not start <= (word.start + word.end) / 2 < end:
            continue
        first, last = max(0.0, word.start - start), min(end, word.end) - start
        before = joined[-1] if joined else None
        if before is not None and not word.space and before.speaker == word.speaker and _one(before.text, word.text):
            joined[-1] = before.model_copy(update={"text": before.text + word.text, "end": max(last, before.end)})
        else:
            joined.append(word.model_copy(update={"start": first, "end": max(first, last)}))
    return joined


def pieces_words(words: Sequence[Word], pieces: Pieces) -> list[Word]:
    """The words that sound in a clip of several pieces, with times from its start; what is left out is not there."""
    out: list[Word] = []
    before = None
    for start, span in zip(pieces.starts, pieces.spans, strict=True):
        here = clip_words(words, span.start, span.end)
        if out and here and before is not None and before <= span.start:
            out[-1:], here[:1] = _mended(out[-1], clip_words(words, before, span.start), here[0])
        out += [w.model_copy(update={"start": w.start + start, "end": w.end + start}) for w in here]
        before = span.end if here else before
    return out


def _mended(last: Word, gone: Sequence[Word], following: Word) -> tuple[list[Word], list[Word]]:
    """The words around others that were left out: a sentence still ends with its stop and begins with a capital."""
    if not gone:
        return [last], [following]
    stops = [i for i, word in enumerate(gone) if _ends(word.text)]
    opening = stops[-1] + 1 if stops else 0  # of the sentence that goes on after the gap
    raised = opening < len(gone) and gone[opening].text[:1].isupper() and (bool(stops) or _ends(last.text))
    if stops and not _ends(last.text):
        last = last.model_copy(update={"text": last.text.rstrip(",;:") + gone[stops[0]].text[-1]})
    if raised:
        following = following.model_copy(update={"text": following.text[:1].upper() + following.text[1:]})
    return [last], [following]


def masked(words: Sequence[Word], covered: Sequence[Span]) -> list[Word]:
    """The words, of those that are bleeped or silent only the first letter: "d---" can be read and is not printed."""
    return [word.model_copy(update={"text": _masked(word.text)}) if _under(word, covered) else word for word in words]


def _under(word: Word, covered: Sequence[Span]) -> bool:
    middle = (word.start + word.end) / 2
    return any(span.start <= middle <= span.end for span in covered)


def _masked(text: str) -> str:
    parts = graphemes(text)
    first = next((i for i, part in enumerate(parts) if part[0].isalnum()), 0)
    return "".join("-" if i > first and part[0].isalnum() else part for i, part in enumerate(parts))


def sounds(words: Sequence[str]) -> list[bool]:
    """Which words are no speech: "[laughs]", "[door", "slams]", "♪"."""
    out: list[bool] = []
    inside = False
    for word in words:
        inside = inside or word.startswith("[")
        out.append(inside or word.strip("♪♫") == "")
        if inside and "]" in word:
            inside = False
    # a bracket that is never closed is a slip of the pen
    return [False] * len(out) if inside else out


def _one(before: str, after: str) -> bool:
    """Whether two pieces with no space between them are one word."""
    alone = spaceless(before[-1]) or spaceless(after[0])
    return not alone or _held(before, after)


def _without_hesitations(shown: list[tuple[Word, bool]], language: str | None) -> list[tuple[Word, bool]]:
    dropped = hesitations(language)
    out: list[tuple[Word, bool]] = []
    raised = False  # a capital that went with a word belongs to the next one
    for word, loud in shown:
        if bare(word.text) in dropped:
            raised = raised or (word.text[:1].isupper() and (not out or _ends(out[-1][0].text)))
            if out and _ends(word.text) and not _ends(out[-1][0].text):
                last, was = out[-1]
                out[-1] = (last.model_copy(update={"text": last.text.rstrip(",;:") + word.text[-1]}), was)
            continue
        if raised:
            word, raised = word.model_copy(update={"text": word.text[:1].upper() + word.text[1:]}), False
        out.append((word, loud))
    return out


def _ends(text: str) -> bool:
    return text.endswith((".", "!", "?", "…"))


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word as the producer wrote it; a single character in scripts without spaces."""

    text: str
    loud: bool
    space: bool


def _units(text: str) -> list[_Unit]:
    plain = clean(text).replace(_ON, "").replace(_OFF, "")
    out: list[_Unit] = []
    loud = False
    for token in _MARKED.sub(rf"{_ON}\1{_OFF}", plain).split():
        space = True
        for piece in _cut(token):
            bare_piece = piece.replace(_ON, "").replace(_OFF, "")
            if bare_piece:
                out.append(_Unit(bare_piece, loud or _ON in piece, space))
                space = False
            loud = piece.rfind(_ON) > piece.rfind(_OFF) if _ON in piece or _OFF in piece else loud
    return out


def _cut(token: str) -> list[str]:
    """A word as it is, or its characters where its script has no spaces, each with what cannot stand alone."""
    out: list[str] = []
    for letter in graphemes(token):
        before = out[-1] if out else None
        if before is None or ((spaceless(letter) or spaceless(before[-1])) and not _held(before, letter)):
            out.append(letter)
        else:
            out[-1] += letter
    return out


def _held(before: str, after: str) -> bool:
    return _TAIL.match(after) is not None or _HEAD.search(before) is not None or after == _OFF or before[-1] == _ON


def _edited(shown: list[tuple[Word, bool]], text: str) -> list[tuple[Word, bool]]:
    """The producer's words at the times of what was said."""
    units = _units(text)
    if not units or not shown:
        return shown
    if "".join(u.text for u in units) == "".join("".join(w.text.split()) for w, _ in shown):
        letters = iter([u.loud for u in units for _ in u.text])  # as heard, but for the marks
        return [(w, max([next(letters) for c in w.text if not c.isspace()], default=False) or was) for w, was in shown]
    heard = [piece for word, loud in shown for piece in _pieces(word, loud)]
    if not any(u.text.startswith("[") for u in units):  # a laugh that was left out has no time to give to a word
        noises = sounds([w.text for w, _ in heard])
        heard = [piece for piece, noise in zip(heard, noises, strict=True) if not noise] or heard
    matcher = SequenceMatcher(None, [bare(w.text) for w, _ in heard], [bare(u.text) for u in units], autojunk=False)
    out: list[tuple[Word, bool]] = []
    for _, a, b, c, d in matcher.get_opcodes():
        times = _spread(heard, a, b, [len(u.text) for u in units[c:d]])
        for k, (unit, (start, end)) in enumerate(zip(units[c:d], times, strict=True)):
            source, was = heard[min(a + k, b - 1) if b > a else max(0, a - 1)]
            fields = {"text": unit.text, "start": start, "end": end, "space": unit.space}
            out.append((source.model_copy(update=fields), unit.loud or (was and b - a == d - c)))
    return out


def _pieces(word: Word, loud: bool) -> list[tuple[Word, bool]]:
    """A word, or its characters in a script without spaces, each with its share of the time."""
    texts = _cut(word.text)
    spans = _spread([(word, loud)], 0, 1, [len(t) for t in texts])
    return [
        (word.model_copy(update={"text": t, "start": s, "end": e, "space": word.space and i == 0}), loud)
        for i, (t, (s, e)) in enumerate(zip(texts, spans, strict=True))
    ]


def _spread(heard: Sequence[tuple[Word, bool]], a: int, b: int, lengths: Sequence[int]) -> list[tuple[float, float]]:
    """Times of new words in the place of `heard[a:b]`: its own where as many, else by length; in the gap where none."""
    if b - a == len(lengths):
        return [(w.start, w.end) for w, _ in heard[a:b]]
    start = heard[a][0].start if b > a else (heard[a - 1][0].end if a else 0.0)
    end = heard[b - 1][0].end if b > a else (heard[a][0].start if a < len(heard) else start)
    total, at, out = max(1, sum(lengths)), 0, []
    for length in lengths:
        first, at = at, at + length
        span = max(0.0, end - start)
        out.append((start + span * first / total, start + span * at / total))
    return out
