"""Sentences from words. In: the words of a transcript; out: `Sentence`s that cover all of them, in order.

Punctuation ends a sentence unless it belongs to an abbreviation, a number or an address; another voice ends one; where
there is no punctuation, pauses do; what still runs on is split at its best pause, comma or conjunction.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import regex

from clipper.highlights.language import Language, normal
from clipper.highlights.model import Sentence
from clipper.speech.model import Word, join

MAX_WORDS = 50  # a longer sentence is split: at 150 words a minute it lasts 20 s
MAX_SECONDS = 25.0
MIN_WORDS = 6  # neither half of a split is shorter
SPARSE = 80  # fewer stops than one in so many words: the transcript has no punctuation to speak of
DENSE = 40  # so many words to a stop at most: it has
PAUSE = 0.7  # seconds that end a sentence where punctuation is missing
LONG_PAUSE = 2.5  # seconds that end one in any case

Close = Literal["stop", "turn", "pause", "clause", "nothing"]

_CLOSERS = "\"'”’»)]}›"
_ENDS = regex.compile(r"[.!?…。！？｡؟।]$")
_SURE = regex.compile(r"[!?。！？｡؟।]$")
_INITIAL = regex.compile(r"^\p{Lu}$")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


def split(words: Sequence[Word], lang: Language) -> tuple[Sentence, ...]:
    """All words as sentences, none left out, none twice."""
    if not words:
        return ()
    cased = _cased(words)
    closes: dict[int, Close] = {}
    for i in range(len(words) - 1):
        gap = words[i + 1].start - words[i].end
        if words[i + 1].speaker != words[i].speaker:
            closes[i] = "turn"
        elif _stops(words, i, lang, cased, gap):
            closes[i] = "stop"
        elif gap >= LONG_PAUSE:
            closes[i] = "pause"
    closes[len(words) - 1] = "stop" if _ENDS.search(_core(words, len(words) - 1)) else "pause"
    if sum(c == "stop" for c in closes.values()) * SPARSE < len(words):
        for i in range(len(words) - 1):
            if words[i + 1].start - words[i].end >= PAUSE:
                closes.setdefault(i, "pause")
    _split_run_ons(words, closes, lang)
    out, first = [], 0
    for i in sorted(closes):
        run = words[first : i + 1]
        end = max(w.end for w in run)
        out.append(
            Sentence(
                first=first,
                last=i + 1,
                start=run[0].start,
                end=end,
                text=join(list(run)),
                speaker=run[0].speaker,
                closes=closes[i],
            )
        )
        first = i + 1
    return tuple(out)


def _core(words: Sequence[Word], i: int) -> str:
    """The word with the punctuation that may stand beside it as a word of its own, closing quotes taken off."""
    text = words[i].text
    if i and not any(c.isalnum() for c in text):
        text = words[i - 1].text + text
    return text.rstrip(_CLOSERS)


def written(words: Sequence[Word]) -> bool:
    """Whether the transcript is punctuated: sentences begin with capitals, and stops are no rarity."""
    return _cased(words) and DENSE * sum(1 for w in words if _ENDS.search(w.text.rstrip(_CLOSERS))) >= len(words)


def _cased(words: Sequence[Word]) -> bool:
    """Whether the transcript begins its sentences with capitals."""
    after = [b.text.lstrip("\"'“‘«¿¡(")[:1] for a, b in pairwise(words) if a.text[-1:] in ".!?"]
    letters = [c for c in after if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def _stops(words: Sequence[Word], i: int, lang: Language, cased: bool, gap: float) -> bool:
    core = _core(words, i)
    if not _ENDS.search(core):
        return False
    following = words[i + 1].text
    if not any(c.isalnum() for c in following) and _ENDS.search(following):
        return False  # the stop comes as a word of its own
    if _SURE.search(core):
        return True
    head = following.lstrip("\"'“‘«¿¡(")
    lower = cased and head[:1].islower()
    if core.endswith(("...", "…")):
        return not lower or gap >= PAUSE
    base = core.rstrip(".")
    starter = head[:1].isupper() and lang.has("stop", normal(head))
    if _INITIAL.match(base) and base != "I":
        return starter and gap > 0.3
    if lang.has("abbreviations", base.lower()):
        return starter and lang.has("abbreviations_final", base.lower())
    if base.isdecimal() and (lang.ordinal_dot or head[:1].isdecimal()):
        return starter or gap >= PAUSE
    return not lower or gap >= 1.5


def _split_run_ons(words: Sequence[Word], closes: dict[int, Close], lang: Language) -> None:
    """Adds borders inside stretches that are too long to be one sentence."""
    todo, first = [], 0
    for i in sorted(closes):
        todo.append((first, i + 1))
        first = i + 1
    while todo:
        first, last = todo.pop()
        if (
            last - first <= MAX_WORDS and words[last - 1].end - words[first].start <= MAX_SECONDS
        ) or last - first < 2 * MIN_WORDS:
            continue
        at, why = _best_split(words, first, last, lang)
        closes[at] = why
        todo += [(first, at + 1), (at + 1, last)]


def _best_split(words: Sequence[Word], first: int, last: int, lang: Language) -> tuple[int, Close]:
    n = last - first
    edge = max(MIN_WORDS, n // 4 if n > 4 * MAX_WORDS else MIN_WORDS)
    best, at, why = -1e9, first + n // 2 - 1, "nothing"
    for i in range(first + edge - 1, last - edge):
        gap = words[i + 1].start - words[i].end
        comma = words[i].text[-1:] in ",;:–—、，；"
        joins = lang.has("conjunctions", normal(words[i + 1].text))
        score = min(max(gap, 0.0), 1.5) * 2.0 + 0.7 * comma + 0.7 * joins + 0.3 * (words[i + 1].cue != words[i].cue)
        clear = score
        score -= 1.2 * abs(i + 1 - first - n / 2) / n
        if _CJK.search(words[i].text) and not words[i + 1].space and gap <= 0:
            score -= 0.1
        if score > best:
            best, at = score, i
            why = "pause" if gap >= PAUSE else "clause" if clear >= 0.7 else "nothing"
    return at, why  # type: ignore[return-value]
