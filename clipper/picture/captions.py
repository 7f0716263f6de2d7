"""Captions: the words of a clip in groups that read as phrases, timed to the frame.

In: the clip's words (times from the clip's start), a face and a box; out: `Group`s, the same for the picture and for
the SRT and VTT beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clipper.picture.text import Block, Face, balanced, check_glyphs, fit
from clipper.speech.model import Word

HOLD = 0.5  # seconds that a group stays after its last word when nothing follows
CLAUSE_ENDS = tuple(",;:—–")
SENTENCE_ENDS = tuple(".!?…。！？")
CLOSERS = "\"'”’)]»"


@dataclass(frozen=True, slots=True)
class Group:
    """Words shown together, from `start` to `end` in seconds of the clip; `starts` is when each word lights."""

    words: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    start: float
    end: float
    speaker: str | None = None

    @property
    def text(self) -> str:
        return " ".join(self.words)


def clip_words(words: Sequence[Word], start: float, end: float) -> list[Word]:
    """The words that sound in the clip from `start` to `end`, with times from its start.

    A word belongs to the clip when its middle lies in it. Pieces without a space before them are joined to their word.
    """
    joined: list[Word] = []
    for word in words:
        if not start <= (word.start + word.end) / 2 < end:
            continue
        first, last = max(0.0, word.start - start), min(end, word.end) - start
        if joined and not word.space and _latin(joined[-1].text[-1]) and _latin(word.text[0]):
            before = joined[-1]
            joined[-1] = before.model_copy(update={"text": before.text + word.text, "end": max(last, before.end)})
        else:
            joined.append(word.model_copy(update={"start": first, "end": max(first, last)}))
    return joined


def _latin(character: str) -> bool:
    """Not of a script written without spaces, where each piece may stand alone."""
    return not 0x2E80 <= ord(character) <= 0x9FFF and not 0xF900 <= ord(character) <= 0xFFEF


def group(
    words: Sequence[Word],
    face: Face,
    size: float,
    width: int,
    lines: int,
    gap: float,
    seconds: float,
    duration: float,
) -> list[Group]:
    """Breaks words into groups of at most `lines` lines of `width` pixels at type size `size`.

    A group ends at the end of a sentence, at a pause of `gap` seconds, at a change of speaker, else where the next
    word would not fit; of the words that fit, it prefers to end at a clause or a breath. The first group stands from
    the clip's first frame on, and a group stays until the next one comes if that is soon, but at least `seconds`.

    Raises:
        InputError: a character that the face cannot draw.
    """
    check_glyphs(" ".join(w.text for w in words), face)
    runs: list[list[Word]] = []
    for phrase in _phrases(words, gap):
        runs += _filled(phrase, face, size, width, lines)
    return _timed(runs, gap, seconds, duration)


def _phrases(words: Sequence[Word], gap: float) -> list[list[Word]]:
    out: list[list[Word]] = []
    for word in words:
        last = out[-1][-1] if out else None
        if last is None or (
            last.text.rstrip(CLOSERS).endswith(SENTENCE_ENDS)
            or word.start - last.end >= gap
            or word.speaker != last.speaker
        ):
            out.append([])
        out[-1].append(word)
    return out


def _filled(phrase: list[Word], face: Face, size: float, width: int, lines: int) -> list[list[Word]]:
    """A phrase in groups that fit: dynamic programming over break points, fewest and most even groups first."""
    count = len(phrase)
    texts = [w.text for w in phrase]
    full = face.width("n" * 4, size) / 4 * 4.2  # what one short word takes; scales the cost of empty room
    cost = [0.0] + [float("inf")] * count
    back = [0] * (count + 1)
    for end in range(1, count + 1):
        for first in range(end - 1, max(-1, end - 12), -1):
            piece = texts[first:end]
            alone = end - first == 1
            if not alone and balanced(piece, face, size, width, lines) is None:
                break
            used = face.width(" ".join(piece), size) / (width * lines)
            price = cost[first] + 1.0 + (1 - min(1.0, used)) ** 2 + _break_price(phrase, end)
            price += 0.6 if alone and count > 1 and face.width(texts[first], size) < full else 0.0
            if price < cost[end]:
                cost[end], back[end] = price, first
    groups: list[list[Word]] = []
    end = count
    while end > 0:
        groups.append(phrase[back[end] : end])
        end = back[end]
    return groups[::-1]


def _break_price(phrase: list[Word], end: int) -> float:
    """How much a break after word `end - 1` hurts: nothing at a clause, most after an article."""
    if end == len(phrase):
        return 0.0
    before, after = phrase[end - 1], phrase[end]
    price = 0.5
    if before.text.endswith(CLAUSE_ENDS):
        price -= 0.5
    elif len(before.text) <= 3 and before.text.isalpha():
        price += 0.5  # articles, prepositions and the like belong to what follows
    elif before.text[:1].isupper() and after.text[:1].isupper():
        price += 0.4  # the halves of a name
    return price - min(0.3, max(0.0, after.start - before.end))


def _timed(runs: list[list[Word]], gap: float, seconds: float, duration: float) -> list[Group]:
    out: list[Group] = []
    for i, run in enumerate(runs):
        start = 0.0 if i == 0 else run[0].start
        following = runs[i + 1][0].start if i + 1 < len(runs) else duration
        wanted = max(run[-1].end, start + seconds)
        end = following if following - wanted <= gap + HOLD else wanted + HOLD
        end = max(min(end, following, duration), start)
        out.append(
            Group(
                tuple(w.text for w in run),
                tuple(w.start for w in run),
                tuple(w.end for w in run),
                start,
                end,
                run[0].speaker,
            )
        )
    return out


def layout(one: Group, face: Face, width: int, height: int, size: float, smallest: float, lines: int) -> Block:
    """The lines of a group; each keeps the size of all groups unless a single long word forces it down."""
    return fit(one.text, face, width, height, size, smallest, lines)


def active(groups: Sequence[Group], time: float) -> tuple[int, int]:
    """Which group shows at `time` and which of its words is lit; -1 where none."""
    for i, one in enumerate(groups):
        if one.start <= time < one.end:
            lit = -1
            for k, start in enumerate(one.starts):
                if start <= time:
                    lit = k
            if lit >= 0 and time > one.ends[lit] + 0.35:
                lit = -1
            return i, lit
    return -1, -1
