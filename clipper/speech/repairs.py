"""What a recogniser wrote and nobody said: words said again in no time, loops, words where nothing sounds.

In: words with edges on the sound, and what is heard around them; out: the words that are believed. A word of which the
recogniser is sure stays, with its confidence at 0, so that a person looks at it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from clipper.speech.edges import usual_length
from clipper.speech.hearing import FRAME, Heard
from clipper.speech.limits import limits
from clipper.speech.model import Word
from clipper.speech.names import parted

_LONGEST = 16  # words of a run that is looked for again right behind itself


def repaired(words: Sequence[Word], heard: Heard, offset: float) -> list[Word]:
    """The words without what was written twice but said once, and without what stands in silence.

    Args:
        words: of one stretch, in order, times in seconds of the episode.
        heard: the sound of the stretch.
        offset: seconds of the episode at which the stretch begins.
    """
    out: list[Word] = []
    for word in _once(words):
        sounding = _sounding(word, heard, offset)
        sure = word.confidence is not None and word.confidence >= limits().doubt.sure_word
        if sounding or word.confidence is None:
            out.append(word)
        elif sure:
            out.append(word.model_copy(update={"confidence": 0.0}))
    return out


def loop(texts: Sequence[str]) -> int | None:
    """How many words to keep of a text that goes round in circles, or None where it does not: people say a thing twice,
    but not sixteen words in a row, nor in a text that shrinks to less than half.

    >>> loop("and so it goes on and so it goes on and so it goes on and so it goes on".split()), loop(["well"] * 5)
    (10, None)
    """
    keys = [_key(t) for t in texts]
    joined = " ".join(keys).encode()
    dense = len(joined) >= 60 and len(joined) / len(zlib.compress(joined)) >= limits().doubt.repetition
    for first in range(len(keys)):
        for size in range(1, min(_LONGEST, (len(keys) - first) // 3) + 1):
            run, copies = keys[first : first + size], 1
            while keys[first + copies * size : first + (copies + 1) * size] == run:
                copies += 1
            if copies >= 3 and (dense or copies * size >= _LONGEST):
                return first + 2 * size
    return None


def _once(words: Sequence[Word]) -> list[Word]:
    """The words without runs that come again at once in less time than it takes to say them."""
    keys = [_key(w.text) for w in words]
    out: list[Word] = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(out), len(words) - at), 0, -1):
            again = words[at : at + size]
            if [_key(w.text) for w in out[-size:]] != keys[at : at + size]:
                continue
            said = sum(w.end - w.start for w in again)
            usual = sum(usual_length(w.text) for w in again)
            overlap = out[-1].end > again[0].end or (size > 1 and again[0].start < out[-size].end)
            if overlap or said < limits().doubt.said_again * usual:
                at += size
                break
        else:
            out.append(words[at])
            at += 1
    return out


def _sounding(word: Word, heard: Heard, offset: float) -> bool:
    """Whether anything sounds in the word, or within 0.15 s of it."""
    first, last = (int((t - offset) / FRAME) for t in (word.start - 0.15, word.end + 0.15))
    return bool(heard.speech[max(0, first) : max(0, last) + 1].any())


def _key(text: str) -> str:
    return parted(text)[1].casefold()
