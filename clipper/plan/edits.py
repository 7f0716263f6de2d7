"""What a producer wants of a clip's edges: a time, quoted words or a step in, seconds out. Pure.

The source is never discarded, so an edge may go anywhere in the episode. Cuts lie in the pauses between words.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from clipper.errors import InputError
from clipper.highlights.model import Sentence
from clipper.plan.quotes import Match, QuoteIndex
from clipper.span import Span, clock, parse_clock
from clipper.speech.model import Word, join

Edge = Literal["start", "end"]
Unit = Literal["sentence", "word"]

AIR = 0.35  # seconds that a cut leaves before the first and after the last word, where the pause has them

FORMS = 'a time (0:41.20), the words that are said there, or a step from the proposal such as "-1 sentence"'

_TIME = re.compile(r"\d+(?:[.,]\d*)?|\d+:[0-5]?\d(?:[.,]\d*)?|\d+:[0-5]?\d:[0-5]?\d(?:[.,]\d*)?", re.ASCII)
_LIKE_A_TIME = re.compile(r"[-+−–]?[\d\s:.,]*\d[\d\s:.,]*", re.ASCII)
_STEP = re.compile(
    r"([-+−–])\s*(\d{1,6}(?:[.,]\d{1,6})?|an?|one|two|three)\s*"
    r"(s|sec|secs|seconds?|sentences?|words?)\.?",
    re.ASCII | re.IGNORECASE,
)
_NUMBERS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0}


@dataclass(frozen=True)
class Said:
    """What is said in the episode, for working out edges.

    Attributes:
        words, sentences: of the whole episode; sentences hold word numbers.
        duration: of the audio in seconds; 0 where unknown.
        language: ISO 639-1; null where unknown.
    """

    words: Sequence[Word]
    sentences: Sequence[Sentence]
    duration: float = 0.0
    language: str | None = None

    @cached_property
    def _middles(self) -> list[float]:
        # Running maximum: a recogniser's times now and then step back by a little.
        return list(accumulate(((w.start + w.end) / 2 for w in self.words), max))

    @cached_property
    def _firsts(self) -> list[int]:
        return [s.first for s in self.sentences]

    def _sentences(self, first: int, last: int) -> Sequence[Sentence]:
        """Those that may hold words `first` up to `last`."""
        return self.sentences[max(0, bisect_right(self._firsts, first) - 1) : bisect_left(self._firsts, last)]

    @cached_property
    def quotes(self) -> QuoteIndex:
        return QuoteIndex(self.words)

    def word_at(self, seconds: float) -> int:
        """The number of the first word whose middle is not before `seconds`."""
        return bisect_left(self._middles, seconds)

    def text(self, span: Span, without: Sequence[Span] = ()) -> str:
        """What is said in `span`, one sentence a line; "…" where a cut goes through a sentence.

        Args:
            without: what is left out: words whose middle lies there.
        """
        first, last = self.word_at(span.start), self.word_at(span.end)
        lines = []
        for s in self._sentences(first, last):
            a, b = max(first, s.first), min(last, s.last)
            words = [w for w in self.words[a:b] if not any(g.start <= (w.start + w.end) / 2 < g.end for g in without)]
            if words:
                line = " ".join(join(words).split())
                lines.append(("… " if a > s.first else "") + line + (" …" if b < s.last else ""))
        return "\n".join(lines)

    def around(self, span: Span) -> tuple[str, str]:
        """The sentences just before and just after `span`; empty at the ends of the episode."""
        first, last = self.word_at(span.start), self.word_at(span.end)
        before = [s.text for s in self.sentences if s.last <= first]
        after = [s.text for s in self.sentences if s.first >= last]
        return (before[-1] if before else ""), (after[0] if after else "")

    def edge_notes(self, span: Span) -> tuple[str, ...]:
        """What is wrong with the edges in words: inside a word, or inside a sentence; mostly nothing."""
        notes = []
        for edge, seconds in (("starts", span.start), ("ends", span.end)):
            i = self.word_at(seconds)
            cut = next((w for w in self.words[max(0, i - 1) : i + 1] if w.start + 0.02 < seconds < w.end - 0.02), None)
            inside = any(s.first < i < s.last for s in self._sentences(i, i + 1))
            if cut:
                notes.append(f"{edge} inside the word “{cut.text}”")
            elif inside:
                notes.append(f"{edge} inside a sentence")
        return tuple(notes)


def is_time(text: str) -> bool:
    """Whether an edge is given as a plain time.

    >>> is_time("0:41.20"), is_time("-1 sentence")
    (True, False)
    """
    return _TIME.fullmatch(text.strip()) is not None


def seconds_of(text: str) -> float:
    """Seconds of a time such as 41.2, "0:41.20" or "1:02:03.5".

    Raises:
        InputError: not a time.
    """
    if not is_time(text):
        raise InputError(f"{text!r} is not a time", "write it as 41.2, 0:41.20 or 1:02:03.5")
    seconds = parse_clock(text)
    if not math.isfinite(seconds):
        raise InputError("this time is longer than any episode", "write it as 41.2, 0:41.20 or 1:02:03.5")
    return seconds


def resolve(text: str, edge: Edge, proposed: Span | None, said: Said | None, *, after: float = 0.0) -> float:
    """The second that a producer means by `text`.

    Args:
        text: a time, quoted words (the first ones for "start", the last ones for "end"), or a step from the
            proposal: "-1 sentence", "+2 sentences", "-3 words", "-1.5 s".
        proposed: the clip as clipper proposed it; None for a clip that the producer added.
        said: words and sentences; None where there is no transcript (then only times and seconds work).
        after: for "end" without a proposal: the clip's start, the first match behind it is meant.

    Raises:
        InputError: it means nothing, is not said, or lies outside the audio.
    """
    wish = text.strip()
    if is_time(wish):
        return _inside(seconds_of(wish), said)
    if not wish or _LIKE_A_TIME.fullmatch(wish):
        raise InputError(f"{edge} is {text!r}, which is no time", f"write {FORMS}")
    found = _STEP.fullmatch(wish)
    if found is None:
        return _quoted(wish, edge, proposed, _needed(said, wish), after)
    if proposed is None:
        raise InputError(
            f"{edge} is {wish!r}, but this clip was not proposed by clipper, so there is nothing to step from",
            "write a time (0:41.20) or the words that are said there",
        )
    sign, amount, unit = found.groups()
    count = _NUMBERS.get(amount.lower()) or float(amount.replace(",", "."))
    count = count if sign == "+" else -count
    origin = proposed.start if edge == "start" else proposed.end
    if unit.lower().startswith("s") and not unit.lower().startswith("sen"):
        return _inside(origin + count, said)
    if count != int(count):
        raise InputError(f"{edge} is {wish!r}: only whole sentences and words can be counted", "write -1 or -2")
    kind: Unit = "sentence" if unit.lower().startswith("sen") else "word"
    return step(origin, edge, int(count), _needed(said, wish), kind)


def step(seconds: float, edge: Edge, count: int, said: Said, unit: Unit = "sentence") -> float:
    """The edge moved by whole sentences (or words), cut in the pause there; negative is earlier.

    An edge inside a sentence goes to that sentence's own border first.

    Raises:
        InputError: the episode has not that many.
    """
    if count == 0:
        return seconds
    at = said.word_at(seconds)
    borders: Sequence[int]
    if edge == "start":
        borders = [s.first for s in said.sentences] if unit == "sentence" else range(len(said.words))
    else:
        borders = [s.last for s in said.sentences] if unit == "sentence" else range(1, len(said.words) + 1)
    before, beyond = bisect_left(borders, at), bisect_right(borders, at)
    there = before if count < 0 else len(borders) - beyond
    if abs(count) > there:
        side = "before" if count < 0 else "after"
        have = f"only {there}" if there else "none"
        raise InputError(
            f"{abs(count)} {unit}{'s' * (abs(count) > 1)} {side} this {edge} are more than there are ({have})",
            "the clip cannot go beyond the episode",
        )
    border = borders[before + count if count < 0 else beyond + count - 1]
    if edge == "start":
        return opening_cut(said.words, border)
    return closing_cut(said.words, border - 1, said.duration)


def opening_cut(words: Sequence[Word], first: int) -> float:
    """Where to cut before the word `first`: at most AIR before it, never before the end of the word before."""
    start = words[first].start
    floor = words[first - 1].end if first else 0.0
    # Words that overlap leave no pause: then the onset of the first word wins.
    return round(min(start, max(floor, start - AIR, 0.0)), 3)


def closing_cut(words: Sequence[Word], last: int, duration: float = 0.0) -> float:
    """Where to cut after the word `last`: at most AIR after it, never beyond the next word's start or the audio."""
    end = words[last].end
    ceiling = words[last + 1].start if last + 1 < len(words) else (duration or end + AIR)
    return round(max(end, min(ceiling, end + AIR)), 3)


def _inside(seconds: float, said: Said | None) -> float:
    limit = said.duration if said else 0.0
    if seconds < 0:
        raise InputError(f"this comes to {-seconds:.2f} s before the audio starts", "0:00 is the earliest")
    if limit and seconds > limit + 0.05:
        raise InputError(
            f"{clock(seconds)} lies beyond the audio, which ends at {clock(limit)}", "choose an earlier time"
        )
    return min(seconds, limit) if limit else seconds


def _needed(said: Said | None, wish: str) -> Said:
    if said is None or not said.words:
        raise InputError(
            f"{wish!r} can only be worked out with the episode's transcript, which is not there",
            "run clipper find again, or write a time such as 0:41.20",
        )
    return said


def _quoted(quote: str, edge: Edge, proposed: Span | None, said: Said, after: float) -> float:
    matches = said.quotes.matches(quote)
    if not matches:
        raise _not_said(quote, edge, said)

    def seconds(match: Match) -> float:
        return said.words[match.first].start if edge == "start" else said.words[match.last - 1].end

    if proposed is not None:
        place = proposed.start if edge == "start" else proposed.end
        match = min(matches, key=lambda m: abs(seconds(m) - place))
    elif edge == "end":
        behind = [m for m in matches if said.words[m.last - 1].end > after]
        match = behind[0] if behind else matches[-1]
    elif len(matches) > 1:
        times = ", ".join(clock(seconds(m), 0) for m in matches[:4]) + (", ..." if len(matches) > 4 else "")
        raise InputError(f'"{quote}" is said {len(matches)} times: at {times}', "write more of the words, or a time")
    else:
        match = matches[0]
    if edge == "start":
        return opening_cut(said.words, match.first)
    return closing_cut(said.words, match.last - 1, said.duration)


def _not_said(quote: str, edge: Edge, said: Said) -> InputError:
    near = said.quotes.near(quote)
    told = ""
    if near and near[0].likeness >= 0.4:
        best = near[0]
        text = join(list(said.words[best.first : best.last]))
        told = f'; the nearest is "{text}" at {clock(said.words[best.first].start)}'
    return InputError(
        f'{edge} is "{quote}", which is neither a time nor said in this episode{told}',
        f"write {FORMS}",
    )
