"""What was cut out cannot be heard: every word at its place, no click, no half breath, no hole in the room's quiet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clipper.plan.edits import Said
from clipper.plan.pieces import Pieces, pieces
from clipper.plan.removals import Removal
from clipper.sound.decode import RATE, Samples, decode_window
from clipper.sound.loudness import finish
from clipper.sound.make import make
from clipper.sound.quiet import levels
from clipper.sound.recipe import Recipe, recipe
from clipper.sound.seams import covering, settled
from clipper.span import Span

from .conftest import lag

Writer = Callable[..., Path]


def spans(*pairs: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(Span(start=a, end=b) for a, b in pairs)


def made(path: Path, pieces: Pieces, **wishes: object) -> Samples:
    return make(Recipe(path, pieces, **wishes))  # type: ignore[arg-type]


def level(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-15))


def likeness(part: Samples, whole: Samples) -> np.ndarray:
    """How like `part` the sound of `whole` is at every place, 1 at most."""
    one, other = part.mean(axis=1).astype(np.float64), whole.mean(axis=1).astype(np.float64)
    size = 1 << (len(one) + len(other)).bit_length()
    found = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)[: len(other) - len(one) + 1]
    energy = np.concatenate([[0.0], np.cumsum(other**2)])
    there = energy[len(one) :] - energy[: -len(one)]
    return np.asarray(found / np.sqrt(np.maximum(there * np.sum(one**2), 1e-9)))


CUTS = Pieces(spans((2.0, 7.31), (9.777, 14.25), (20.013, 26.5)))


def test_over_its_whole_length_the_clip_is_the_source_once_and_in_place(speech: Path) -> None:
    """Also through the joins: a second at a time, each where `Pieces` says, and nowhere else in the source."""
    done = finish(made(speech, CUTS)).samples
    source = decode_window(speech, Span(start=0, end=30))
    assert len(done) == round(CUTS.seconds * RATE)
    piece = RATE
    for at in range(RATE // 10, len(done) - piece - RATE // 5, piece):
        middle = CUTS.to_source((at + piece / 2) / RATE)
        assert middle is not None
        crosses = any(abs(join - (at + piece / 2) / RATE) < 0.52 for join in CUTS.joins)
        like = likeness(done[at : at + piece], source)
        best = int(np.argmax(like))
        if not crosses:
            assert abs(best / RATE + 0.5 - middle) < 0.001
            assert like[best] > 0.97
            like[max(0, best - RATE // 20) : best + RATE // 20] = 0
            assert like.max() < 0.75, "a second peak"


@pytest.mark.parametrize("shift", [0.0, 0.137, 0.291, 0.44])
def test_no_join_and_no_edge_clicks_even_in_the_middle_of_a_word(shift: float, speech: Path) -> None:
    cuts = Pieces(tuple(s.moved(shift) for s in CUTS.spans))
    done = made(speech, cuts)
    padded = np.concatenate([np.zeros((300, 2), np.float32), done, np.zeros((300, 2), np.float32)])
    near = round(0.005 * RATE)
    ends = [cuts.spans[i].end for i in range(3)], [cuts.spans[i].start for i in range(3)]
    for join, before, after in zip(cuts.joins, ends[0], ends[1][1:], strict=False):
        at = round(join * RATE) + 300
        here = np.abs(np.diff(padded[at - 2 * near : at + 2 * near], axis=0)).max()
        there = max(
            np.abs(np.diff(decode_window(speech, Span(start=s - 0.015, end=s + 0.015)), axis=0)).max()
            for s in (before, after)
        )
        assert here <= there + 1e-4
    for at, source in ((300, ends[1][0]), (len(done) + 300, ends[0][2])):
        here = np.abs(np.diff(padded[at - near : at + near], axis=0)).max()
        there = np.abs(np.diff(decode_window(speech, Span(start=source - 0.005, end=source + 0.005)), axis=0)).max()
        assert here <= there + 1e-4


@pytest.fixture(scope="module")
def noisy(voice: Samples) -> Samples:
    """Talk in a room that hisses at -52 dB."""
    hiss = np.random.default_rng(1).standard_normal((20 * RATE, 2)).astype(np.float32) * np.float32(10 ** (-52 / 20))
    talk = voice[: 20 * RATE] * np.float32(0.4)
    talk[np.abs(talk) < 0.002] = 0
    return np.asarray(talk + hiss, dtype=np.float32)


def test_the_room_goes_on_between_soundbites_and_under_a_mute(noisy: Samples, wav: Writer) -> None:
    path = wav(noisy)
    cuts = Pieces(spans((1.0, 5.0), (8.0, 12.0)), (0.8,))
    done = made(path, cuts, mute=spans((2.0, 2.6)))
    for a, b in ((4.0 + 0.1, 4.8 - 0.05), (1.03, 1.57)):
        there = done[round(a * RATE) : round(b * RATE)]
        assert level(there) == pytest.approx(-52, abs=3)
        tones = np.abs(np.fft.rfft(there[:, 0] * np.hanning(len(there)))) ** 2
        assert tones.max() < 60 * tones.mean(), "the room hums"


def test_the_rooms_quiet_holds_nothing_that_was_said(sample: Path) -> None:
    """The gaps of a trailer made of the sample: even from moment to moment, and far below the voice."""
    done = made(sample, Pieces(spans((140.3, 142.1), (216.6, 219.3), (36.0, 38.0)), (0.8, 0.8)))
    curve = levels(done)
    for gap in (1.8, 5.3):
        here = curve[round((gap + 0.05) * 200) : round((gap + 0.75) * 200)]
        assert here.max() - np.median(here) < 9.0
        assert np.median(here) < np.percentile(curve, 90) - 35


def test_a_join_in_the_quiet_leaves_no_hole(wav: Writer) -> None:
    hiss = np.random.default_rng(2).standard_normal((6 * RATE, 2)).astype(np.float32) * np.float32(0.003)
    done = made(wav(hiss), Pieces(spans((0.5, 2.0), (3.0, 5.0))))
    curve = levels(done)
    at = round(1.5 * 200)
    assert np.abs(curve[at - 8 : at + 9] - np.median(curve)).max() < 3.0


def breathing(voice: Samples) -> tuple[Samples, dict[str, float]]:
    """A word, quiet, a breath of 0.4 s, quiet, talk; where each begins in seconds."""
    random = np.random.default_rng(3)
    hiss = random.standard_normal((8 * RATE, 2)).astype(np.float32) * np.float32(0.0004)
    out, talk = hiss, voice[round(2.0 * RATE) :] * np.float32(0.5)
    out[RATE : 2 * RATE] += talk[:RATE]
    count = round(0.4 * RATE)
    breath = random.standard_normal((count, 2)).astype(np.float32) * np.hanning(count)[:, None] ** 0.3 * 0.012
    out[round(2.6 * RATE) : round(2.6 * RATE) + count] += breath
    out[round(3.3 * RATE) : round(6.3 * RATE)] += talk[RATE : 4 * RATE]
    return out, {"breath": 2.6, "talk": 3.3}


def test_a_breath_is_heard_whole_or_not_at_all(voice: Samples, wav: Writer) -> None:
    sound, at = breathing(voice)
    path = wav(sound)
    quiet = level(sound[round(2.2 * RATE) : round(2.5 * RATE)])
    half = made(path, Pieces.whole(Span(start=2.8, end=6)), opens=at["talk"])
    assert level(half[: round(0.2 * RATE)]) < quiet + 4, "half a breath opens the clip"
    assert level(half[: round(0.2 * RATE)]) > quiet - 6, "a hole opens the clip"
    whole = made(path, Pieces.whole(Span(start=2.5, end=6)), opens=at["talk"])
    source = sound[round(2.5 * RATE) : round(6.0 * RATE)]
    assert np.abs(whole[RATE // 20 : 2 * RATE] - source[RATE // 20 : 2 * RATE]).max() < 1e-5
    tail = made(path, Pieces.whole(Span(start=0.9, end=2.8)), closes=2.0)
    assert level(tail[-round(0.19 * RATE) : -round(0.07 * RATE)]) < quiet + 4


def test_a_pause_is_shortened_beside_the_breath_in_it(voice: Samples, wav: Writer) -> None:
    sound, at = breathing(voice)
    (one,) = settled(wav(sound), [Removal("pause", Span(start=2.2, end=3.1))])
    breath = Span(start=at["breath"] - 0.01, end=at["breath"] + 0.41)
    assert one.span.overlap(breath) == 0 or one.span.overlap(breath) > 0.41
    assert one.span.seconds > 0.2


def test_a_filler_goes_only_where_both_neighbours_allow_it(voice: Samples, wav: Writer) -> None:
    talk = voice[round(2.0 * RATE) : round(8.0 * RATE)] * np.float32(0.5)
    tone = (
        np.sin(2 * np.pi * 150 * np.arange(round(0.5 * RATE)) / RATE)[:, None] * np.hanning(round(0.5 * RATE))[:, None]
    )
    apart, grown = talk.copy(), talk.copy()
    gap = slice(round(2.9 * RATE), round(3.7 * RATE))
    apart[gap] = 1e-4 * np.random.default_rng(5).standard_normal((gap.stop - gap.start, 2))
    apart[round(3.05 * RATE) :][: len(tone)] += 0.2 * tone.repeat(2, axis=1).astype(np.float32)
    steady = 0.25 * np.sin(2 * np.pi * 150 * np.arange(round(2.0 * RATE)) / RATE)
    grown[round(2.3 * RATE) :][: len(steady)] = steady[:, None]  # "and-uh": one sound that goes on
    wish = [Removal("filler", Span(start=3.0, end=3.6), (3,), "uh")]
    (one,) = settled(wav(apart, "apart.wav"), wish)
    assert Span(start=3.1, end=3.5).overlap(one.span) == pytest.approx(0.4)
    assert settled(wav(grown, "grown.wav"), wish) == ()


def test_a_cut_goes_to_the_quiet_and_to_a_zero_crossing(noisy: Samples, wav: Writer) -> None:
    wish = [Removal("drop", Span(start=5.0, end=7.0)), Removal("drop", Span(start=11.0, end=12.3))]
    path = wav(noisy)
    found = settled(path, wish)
    assert found == settled(path, wish), "kept"
    curve = levels(noisy)
    for asked, got in zip(wish, found, strict=True):
        for a, b in ((asked.span.start, got.span.start), (asked.span.end, got.span.end)):
            assert abs(a - b) < 0.13
            assert curve[round(b * 200)] <= curve[round(a * 200)] + 1
            at = round(b * RATE)
            mono = noisy.mean(axis=1)
            assert min(abs(mono[at]), abs(mono[at - 1])) <= np.abs(mono[at - 240 : at + 240]).max() * 0.2 + 1e-4


def test_what_is_covered_reaches_to_the_pause_beside_it_but_not_into_the_next_word(voice: Samples, wav: Writer) -> None:
    sound, _ = breathing(voice)
    (grown,) = covering(wav(sound), spans((1.1, 1.9)), None)
    assert grown.start < 1.02
    assert 1.98 < grown.end < 2.2


def test_a_bleep_covers_the_word_and_nothing_else(speech: Path) -> None:
    plain = made(speech, Pieces.whole(Span(start=2, end=12)))
    done = made(speech, Pieces.whole(Span(start=2, end=12)), bleep=spans((5.0, 5.5)))
    inside = done[round(3.0 * RATE) : round(3.5 * RATE)]
    spectrum = np.abs(np.fft.rfft(inside.mean(axis=1) * np.hanning(len(inside))))
    assert abs(np.argmax(spectrum) * RATE / len(inside) - 1000) < 5
    assert likeness(plain[round(3.05 * RATE) : round(3.45 * RATE)], done)[round(3.05 * RATE)] < 0.05
    for a, b in ((0, 2.97), (3.53, 10)):
        assert np.array_equal(done[round(a * RATE) : round(b * RATE)], plain[round(a * RATE) : round(b * RATE)])
    assert abs(level(inside) - level(plain)) < 8


def test_a_clip_of_drops_tightening_and_cover_is_worked_out_from_the_plan(sample: Path) -> None:
    """On the sample's own words, as `clipper render` does it."""
    from clipper.plan.model import Clip
    from clipper.plan.passages import passage
    from clipper.plan.soundwishes import SoundWishes
    from clipper.speech.model import Word

    rows = [("So", 10.0, 10.2), ("uh", 10.6, 10.8), ("here", 11.0, 11.4), ("it", 13.0, 13.1), ("is.", 13.1, 13.4)]
    said = Said(tuple(Word(text=t, start=a, end=b) for t, a, b in rows), (), 60)
    clip = Clip(id="c1", title="t", span=Span(start=9.8, end=14), proposed=Span(start=9.8, end=14))
    clip = clip.changed(drop=(passage("0:11.5 to 0:12.5", said, clip.span),), bleep=(passage("is", said, clip.span),))
    one = recipe(clip, sample, said, SoundWishes(), "en")
    assert one.pieces.seconds == pytest.approx(3.2, abs=0.25)
    assert len(one.bleep) == 1
    assert len(make(one)) == round(one.pieces.seconds * RATE)
    assert recipe(clip, sample, said, SoundWishes(), "en").facts() == one.facts()
    assert pieces(clip).seconds == pytest.approx(4.2)


def test_lag_is_nothing(speech: Path) -> None:
    """Clean-up and levelling move nothing either."""
    plain = made(speech, CUTS)
    clean = made(speech, CUTS, clean=("high-pass", "denoise", "de-ess"))
    assert len(clean) == len(plain)
    assert abs(lag(clean, plain)) <= RATE // 1000
