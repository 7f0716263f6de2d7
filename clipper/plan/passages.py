"""Words that a producer names in a plan, and where they are said. In: text; out: `Passage`s and spans. Pure.

Three forms: words in quotes mean every place in the clip where they are said, `words @ 0:41.20` the place nearest to
that time, and `0:41.20 to 0:43.10` a stretch. Spans reach from the onset of the first word to the end of the last one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clipper.errors import InputError
from clipper.plan.edits import Said, closing_cut, opening_cut, seconds_of
from clipper.plan.model import Passage
from clipper.plan.quotes import Match
from clipper.span import Span, clock
from clipper.speech.model import join

FORMS = 'the words that are said, "words @ 0:41.20" for one place, or "0:41.20 to 0:43.10"'
_CLOCK = r"(\d[\d:]*(?:[.,]\d+)?)"
_STRETCH = re.compile(rf"{_CLOCK}\s*(?:-|–|−|to|bis)\s*{_CLOCK}", re.ASCII | re.IGNORECASE)
_PLACED = re.compile(rf"(.+?)\s*@\s*{_CLOCK}", re.ASCII | re.DOTALL)
_BETWEEN = re.compile(r"\s*(?:\.\.\.|…)\s*")


def passages(texts: Sequence[str], said: Said | None, within: Span) -> tuple[Passage, ...]:
    """The passages of a clip.

    Args:
        texts: in one of the forms above.
        said: the episode's words; None where there is no transcript (then only stretches of time work).
        within: the clip; what lies elsewhere in the episode stands in the plan without effect.

    Raises:
        InputError: a time that is none, or words that are not said in this episode.
    """
    return tuple(passage(text, said, within) for text in texts)


def passage(text: str, said: Said | None, within: Span) -> Passage:
    """See `passages`."""
    times = stretch(text)
    if times is not None:
        inside = times.overlap(within)
        kept = Span(start=max(times.start, within.start), end=min(times.end, within.end)) if inside > 0 else None
        return Passage(text=text, spans=(kept,) if kept else ())
    known = _needed(text, said)
    first, last = known.word_at(within.start), known.word_at(within.end)
    found = [m for m in _places(text, known) if first <= m.first and m.last <= last]
    spans = [word_span(known, m.first, m.last) for m in found]
    return Passage(text=text, spans=tuple(sorted(spans, key=lambda s: s.start)))


def soundbite(text: str, said: Said | None, clips: Mapping[str, Span]) -> Passage:
    """One soundbite of a trailer: the id of a clip, a stretch of time, or words, `first words ... last words` too.

    Args:
        clips: the spans of the plan's other clips, by id.

    Raises:
        InputError: none of these, or words that are said several times.
    """
    if text.strip() in clips:
        return Passage(text=text, spans=(clips[text.strip()],))
    times = stretch(text)
    if times is not None:
        return Passage(text=text, spans=(times,))
    known = _needed(text, said)
    ends = [part for part in _BETWEEN.split(text.strip()) if part]
    opening = _places(ends[0] if ends else text, known)
    if len(opening) > 1:
        told = ", ".join(clock(known.words[m.first].start, 0) for m in opening[:4])
        raise InputError(f'"{text}" is said {len(opening)} times: at {told}', "write more of the words, or times")
    first, last = opening[0].first, opening[0].last
    if len(ends) > 1:
        closing = [m for m in _places(ends[-1], known) if m.first >= first]
        if not closing:
            raise InputError(f'"{ends[-1]}" is not said after "{ends[0]}"', "write the soundbite's last words")
        last = closing[0].last
    return Passage(
        text=text,
        spans=(
            Span(
                start=opening_cut(known.words, first),
                end=closing_cut(known.words, last - 1, known.duration),
            ),
        ),
    )


def stretch(text: str) -> Span | None:
    """The span of `0:41.20 to 0:43.10`; None where it is no such thing.

    Raises:
        InputError: it ends before it starts, or a time is none.

    >>> stretch("0:41.2 - 0:43")
    Span(start=41.2, end=43.0)
    """
    found = _STRETCH.fullmatch(text.strip())
    if found is None:
        return None
    start, end = seconds_of(found[1]), seconds_of(found[2])
    if end <= start:
        raise InputError(f"{text!r} ends before it starts", "give the later time last")
    return Span(start=start, end=end)


def word_span(said: Said, first: int, last: int) -> Span:
    """From the onset of word `first` to the end of the word before `last`."""
    start = said.words[first].start
    return Span(start=start, end=max(start, *(w.end for w in said.words[first:last])))


def words_text(said: Said, first: int, last: int) -> str:
    """The words `first` up to `last` as a plan names them; with their time where they are said more than once."""
    text = " ".join(join(list(said.words[first:last])).replace("@", " ").split()).rstrip(",;:–—")
    start = said.words[first].start
    if _STRETCH.fullmatch(text) or not said.quotes.exact(text):  # a number, or only signs: told by its time
        span = word_span(said, first, last)
        return f"{clock(span.start)} to {clock(span.end)}"
    return text if len(said.quotes.exact(text)) == 1 else f"{text} @ {clock(start)}"


def _needed(text: str, said: Said | None) -> Said:
    if said is None or not said.words:
        raise InputError(
            f"{text!r} can only be found with the episode's transcript, which is not there",
            "run clipper find again, or write times such as 0:41.20 to 0:43.10",
        )
    return said


def _places(text: str, said: Said) -> list[Match]:
    """Where the words of `text` are said in the episode, at least once."""
    placed = _PLACED.fullmatch(text.strip())
    quote = placed[1] if placed else text
    matches = said.quotes.matches(quote)
    if not matches:
        near = said.quotes.near(quote)
        told = ""
        if near and near[0].likeness >= 0.4:
            words = join(list(said.words[near[0].first : near[0].last]))
            told = f'; the nearest is "{words}" at {clock(said.words[near[0].first].start)}'
        raise InputError(f'"{quote}" is not said in this episode{told}', f"write {FORMS}")
    if placed is None:
        return matches
    at = seconds_of(placed[2])
    return [min(matches, key=lambda m: abs(said.words[m.first].start - at))]
