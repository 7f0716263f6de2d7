"""Speech is packed into as few windows as can be, and cut where people pause."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clipper.speech.engines.base import RATE, Window
from clipper.speech.limits import limits
from clipper.speech.stretches import pack, windows


def spoken(*pauses: float, each: float = 2.0) -> list[Window]:
    """Runs of `each` seconds, with these pauses between them."""
    at, out = 0.0, []
    for pause in (*pauses, 0.0):
        out.append(Window(round(at * RATE), round((at + each) * RATE)))
        at += each + pause
    return out


def test_speech_fills_as_few_windows_as_can_be() -> None:
    made = pack(spoken(*[0.2] * 25))  # 57 s
    assert len(made) == 2
    assert all(w.last - w.first <= limits().stretch.window * RATE for w in made)


def test_a_cut_lies_in_the_longest_pause_that_costs_no_window() -> None:
    pauses = [0.2] * 20
    pauses[8], pauses[2] = 0.9, 1.5  # behind 19.8 s, and behind 6.6 s: too early for two windows
    first, second = pack(spoken(*pauses))
    assert (first.last / RATE, second.first / RATE) == (pytest.approx(20.9), pytest.approx(21.8))


def test_nothing_is_joined_over_a_long_silence() -> None:
    made = pack(spoken(0.2, limits().stretch.gap + 0.1, 0.2))
    assert [round((w.last - w.first) / RATE, 1) for w in made] == [4.2, 4.2]


def test_what_goes_on_is_not_made_to_fit() -> None:
    """The last window of a stretch is made anew with what follows, so the one before it may be as full as can be."""
    made = pack(spoken(*[0.6] * 12), goes_on=True)  # 33.2 s
    assert made[0].last - made[0].first > 26 * RATE


def test_windows_of_real_speech_hold_all_of_it_and_do_not_overlap(speech: np.ndarray) -> None:
    made = windows(speech.astype(np.float32) / 32768)
    assert 2 <= len(made) <= 3
    for one, other in pairwise(made):
        assert one.first < one.last <= other.first < other.last
    assert all(w.last - w.first <= 30 * RATE for w in made)
    assert sum(w.last - w.first for w in made) > 50 * RATE
