"""Where words begin and end, found on the sound. In: words with a recogniser's times, and what is heard around them;
out: the same words with edges that lie where the sound has them.

Whisper's times come from its cross-attention: they are a little early, and the pause before a word counts as its
beginning. Here each word gets the start that costs least together with its neighbours' (Viterbi): near the
recogniser's time, where sound sets in or its spectrum changes, with a length that fits the word, and pauses between
words, not in them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.speech.hearing import FRAME, Floats, Frames, Heard
from clipper.speech.limits import limits
from clipper.speech.model import Word

_FORBIDDEN = 30.0  # what a word of no length costs
_STEPS = 2  # frames between the places that are tried around the recogniser's time: 10 ms


@dataclass(frozen=True, slots=True)
class _Said:
    """The recogniser's times in seconds of the stretch, less its usual earliness, and each word's usual length."""

    starts: Floats
    ends: Floats
    lengths: Floats


def refined(words: Sequence[Word], heard: Heard, offset: float) -> list[Word]:
    """The words with their edges moved to where the sound has them; order, texts and number stay.

    Args:
        words: of one stretch, in order.
        heard: the sound of the stretch.
        offset: seconds of the episode at which the stretch begins.
    """
    if not words or not len(heard):
        return list(words)
    early = limits().edges.early
    starts = np.array([w.start for w in words]) - offset + early
    ends = np.array([w.end for w in words]) - offset + early
    lengths = np.array([usual_length(w.text) for w in words])
    rate = float(np.clip(np.median((ends - starts) / lengths), 0.7, 1.4))
    chosen = _chosen(_Said(starts, ends, lengths * rate), heard)
    out = []
    for k, (word, first) in enumerate(zip(words, chosen, strict=True)):
        following = chosen[k + 1] if k + 1 < len(words) else None
        last = _last(first, following, lengths[k] * rate, heard)
        least, most = first + 4, max(ends[k] + 0.25, first * FRAME + 2.5 * lengths[k] * rate) / FRAME
        start, end = first * FRAME + offset, min(max(last, least), most) * FRAME + offset  # music goes on after it
        if following is not None:
            end = min(end, max(following, first) * FRAME + offset)
        out.append(word.model_copy(update={"start": round(start, 3), "end": round(float(max(start, end)), 3)}))
    return out


def usual_length(text: str) -> float:
    """Seconds that a word of running speech takes, by its letters; a character of Chinese is a syllable.

    >>> usual_length("and"), usual_length("東京"), usual_length("1886")
    (0.235, 0.4, 0.95)
    """
    letters = 0.0
    for c in unicodedata.normalize("NFKC", text):
        if c.isdigit():
            letters += 4
        elif c.isalpha():
            name = unicodedata.name(c, "")
            letters += 3 if name.startswith(("CJK", "HANGUL")) else 2 if name.startswith(("HIRA", "KATA")) else 1
    return round(0.07 + 0.055 * max(1.0, letters), 3)


def _chosen(said: _Said, heard: Heard) -> list[int]:
    """The frame at which each word starts."""
    places = [_places(said, k, heard) for k in range(len(said.starts))]
    costs = _cost(said, 0, places[0], heard)
    back: list[NDArray[np.intp]] = []
    for k in range(1, len(places)):
        before, here = places[k - 1], places[k]
        total = costs[:, None] + _between(before, here, said.lengths[k - 1], _far_too_long(said, k), heard)
        best = np.argmin(total, axis=0)
        back.append(best)
        costs = total[best, np.arange(len(here))] + _cost(said, k, here, heard)
    at = int(np.argmin(costs))
    chosen = [int(places[-1][at])]
    for best, here in zip(reversed(back), reversed(places[:-1]), strict=True):
        at = int(best[at])
        chosen.append(int(here[at]))
    chosen.reverse()
    return [int(frame) for frame in np.maximum.accumulate(chosen)]


def _places(said: _Said, k: int, heard: Heard) -> Frames:
    """Frames at which word `k` may start: around its time, and where sound sets in until it should be over."""
    start, until = said.starts[k], max(said.ends[k], said.starts[k] + 0.3)
    j = k  # words of no length stand for a place that the recogniser does not know
    while j + 1 < len(said.starts) and said.ends[j] - said.starts[j] < 0.05 and said.starts[j + 1] - said.ends[j] < 0.1:
        j += 1
    until = max(until, said.ends[j] - 0.1) if j > k else until
    last = len(heard) - 1
    near = np.arange(int((start - 0.2) / FRAME), int((start + 0.3) / FRAME) + 1, _STEPS)
    first, stop = np.searchsorted(heard.onsets, [int((start - 0.2) / FRAME), int(until / FRAME) + 1])
    more = np.arange(int(start / FRAME), int(until / FRAME), 4) if until > start + 0.3 else near[:0]
    found = np.unique(np.concatenate([near, heard.onsets[first:stop], more]))
    found = found[(found >= 0) & (found <= last)]
    return found if len(found) else np.array([min(max(0, int(start / FRAME)), last)])


def _cost(said: _Said, k: int, places: Frames, heard: Heard) -> Floats:
    """What it costs that word `k` starts at each place, whatever its neighbours do."""
    edges = limits().edges
    start, end, length = said.starts[k], said.ends[k], said.lengths[k]
    at = places * FRAME
    target = start
    if (k == 0 or start - said.ends[k - 1] > 0.15) and end - start > 1.4 * length:
        target = max(start, end - 1.2 * length)  # after a pause: the recogniser begins too early, but ends well
    apart = at - target
    cost = np.minimum(np.where(apart > 0, apart / 1.3, -apart) / edges.trust, edges.at_most)
    change = edges.change * np.minimum(heard.change[places], 2.0)
    cost = cost - change
    if _far_too_long(said, k):  # it is said at its end
        late = 1.0 + np.abs(at - (end - length)) / (0.5 * length) - change
        cost = np.where(at > start, np.minimum(cost, late), cost)
    onset = np.isin(places, heard.onsets)
    # a pause within the recogniser's word lies before it
    after_pause = onset & (apart > 0) & (at < end - 0.03)
    cost = np.where(after_pause, np.minimum(cost, edges.after_pause - change), cost)
    return np.asarray(cost + np.where(heard.speech[places], 0.0, edges.in_silence) - np.where(onset, 1.0, 0.0))


def _far_too_long(said: _Said, k: int) -> bool:
    """Whether the recogniser gives word `k` time in which something else sounds, or nothing does."""
    return bool(said.ends[k] - said.starts[k] > max(0.8, 2.5 * said.lengths[k]))


def _between(before: Frames, here: Frames, length: float, other: bool, heard: Heard) -> Floats:
    """What it costs that a word starts at `before` and the next one at `here`: its length, and silence inside.

    With `other`, something that nobody wrote down may be said between the two: by somebody else, or a hesitation.
    """
    edges = limits().edges
    over = _over(here, heard)
    seconds = (over[None, :] - before[:, None]) * FRAME
    apart = np.log(np.maximum(seconds, 0.01) / length)
    cost = edges.length * np.where(apart < 0, (apart / 0.8) ** 2, (apart / 0.6) ** 2)
    cost = np.where(seconds < 0.03, _FORBIDDEN, np.minimum(cost, 12.0))
    inside = heard.silence[over][None, :] - heard.silence[before][:, None]
    cost = cost + edges.silence_inside * np.maximum(inside - edges.pause, 0.0) / 0.05
    if other:
        cost = np.minimum(cost, edges.unwritten + edges.length * (np.minimum(apart, 0.0) / 0.8) ** 2)
    return np.asarray(cost)


def _over(places: Frames, heard: Heard) -> Frames:
    """When the word before a place is over: there, or where the sound stopped before it."""
    at = np.searchsorted(heard.offsets, places, side="right") - 1
    stopped = heard.offsets[np.maximum(at, 0)] if len(heard.offsets) else places
    stopped = np.where(at >= 0, stopped, 0)
    return np.asarray(np.where(heard.speech[np.maximum(places - 1, 0)], places, stopped))


def _last(first: int, following: int | None, length: float, heard: Heard) -> int:
    """The frame at which the word that starts at `first` is over."""
    at = int(np.searchsorted(heard.offsets, first + 1))
    if following is None:
        end = int(heard.offsets[at]) if at < len(heard.offsets) else first + round(length / FRAME)
    else:
        end = int(_over(np.array([following]), heard)[0])
    while at < len(heard.offsets) and heard.offsets[at] < end:  # a pause within: is the word said by then?
        begins = int(heard.onsets[at + 1]) if at + 1 < len(heard.onsets) else len(heard)
        if (begins - heard.offsets[at]) * FRAME >= 0.15 and (heard.offsets[at] - first) * FRAME >= 0.6 * length:
            return int(heard.offsets[at])
        at += 1
    return end
