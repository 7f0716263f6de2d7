"""What a clip's sound measures, over voices of every level, rate and kind, after AAC as it is exported.

    make bench BENCH_ARGS="sound"

LUFS and dBTP are ffmpeg's ebur128 on the encoded track, the same packets that every shape's MP4 holds. `lag` is the
largest distance in milliseconds between a second of the clip and where `Pieces` says that it is; `second` the likeness
of the best other place in the source; `step` the largest sample step within 5 ms of a cut, in parts of the largest that
the source has there before or after; `gain` the fastest change of the levelling, dB a second.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from clipper.export import track
from clipper.export.quality import quality
from clipper.media import run_ffmpeg
from clipper.plan.pieces import Pieces
from clipper.sound.decode import RATE, Samples, decode_window
from clipper.sound.joins import voice
from clipper.sound.level import gains
from clipper.sound.loudness import finish, measure_file
from clipper.sound.make import made
from clipper.sound.recipe import Recipe
from clipper.span import Span
from tests.benchmarks.figures import Figure

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "oddly-good-work-042.mp3"
CUTS = Pieces((Span(start=1.2, end=7.313), Span(start=9.777, end=14.251), Span(start=17.02, end=27.5)))
WHOLE = Pieces.whole(Span(start=1.2, end=27.5))
Change = Callable[[Samples], Samples]
Row = tuple[float, float, float, float, float]  # LUFS, dBTP, lag, step, gain


def main() -> list[Figure]:
    rows: list[Row] = []
    print(f"{'sound':34} {'LUFS':>6} {'dBTP':>6} {'lag':>6} {'second':>6} {'step':>5} {'gain':>5}  notes")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        talk = decode_window(SAMPLE, Span(start=60, end=90))
        talk /= np.abs(talk).max()
        for label, change, arguments, pieces in _rows():
            rows.append(_row(label, change(talk.copy()), arguments, pieces, folder))
    loud, peaks, lags, steps, speeds = zip(*rows, strict=True)
    return [
        Figure(f"loudness of {len(rows)} kinds of sound", f"{min(loud):.1f} to {max(loud):.1f} LUFS"),
        Figure("true peak at most", f"{max(peaks):.1f} dBTP"),
        Figure("largest lag", f"{max(lags):.2f} ms"),
        Figure("largest step at a cut, of the source's own", f"{max(steps):.2f}"),
        Figure("fastest change of the levelling", f"{max(speeds):.1f} dB a second"),
    ]


def _rows() -> list[tuple[str, Change, list[str], Pieces]]:
    rows: list[tuple[str, Change, list[str], Pieces]] = []
    for peak in (-40, -30, -20, -6, 0):
        rows.append((f"peaks at {peak} dBFS", _louder(peak), [], CUTS))
    for rate in (8000, 16000, 44100, 96000, 192000):
        for channels in (1, 2):
            arguments = ["-ar", str(rate), "-ac", str(channels)]
            rows.append((f"{rate} Hz, {'mono' if channels == 1 else 'stereo'}", _louder(-20), arguments, CUTS))
    rows += [
        ("passages 18 dB apart", _uneven(18), [], WHOLE),
        ("passages 30 dB apart", _uneven(30), [], WHOLE),
        ("a bang of 40 dB", _bang, [], WHOLE),
        ("clipped", lambda s: np.clip(s * 6, -0.9, 0.9), [], CUTS),
        ("one channel", lambda s: s * np.array([0.3, 0], np.float32), [], CUTS),
        ("channels cancel each other", lambda s: s * np.array([0.3, -0.3], np.float32), [], CUTS),
        ("DC offset of 0.2", lambda s: s * np.float32(0.3) + np.float32(0.2), [], CUTS),
        ("noise 20 dB below", _noisy, [], CUTS),
        ("4-bit ADPCM, 22 kHz", _louder(-6), ["-c:a", "adpcm_ima_wav", "-ar", "22050"], CUTS),
    ]
    return rows


def _louder(peak: float) -> Change:
    return lambda s: s * np.float32(10 ** (peak / 20))


def _uneven(decibels: float) -> Change:
    def change(samples: Samples) -> Samples:
        down = (np.arange(len(samples)) // (6 * RATE)) % 2
        return np.asarray(samples * 0.5 * 10 ** (-decibels * down[:, None] / 20), dtype=np.float32)

    return change


def _bang(samples: Samples) -> Samples:
    out = samples * np.float32(0.01)
    out[12 * RATE : 12 * RATE + 5] = 1.0
    return out


def _noisy(samples: Samples) -> Samples:
    noise = np.random.default_rng(1).standard_normal(samples.shape).astype(np.float32)
    return samples * np.float32(0.3) + noise * np.float32(0.3 * np.sqrt(np.mean(samples**2)) / 10)


def _row(label: str, samples: Samples, arguments: list[str], pieces: Pieces, folder: Path) -> Row:
    plain, source = folder / "plain.f32", folder / "source.wav"
    plain.write_bytes(samples.astype("<f4").tobytes())
    own = arguments if "-c:a" in arguments else ["-c:a", "pcm_f32le", *arguments]
    inputs = ["-f", "f32le", "-ar", str(RATE), "-ch_layout", "stereo", "-i", plain]
    run = run_ffmpeg(["-v", "error", "-y", *inputs, *own, source])
    assert run.returncode == 0, run.stderr.decode()
    recipe = Recipe(source, pieces)
    one = made(recipe)
    done = finish(one.samples)
    encoded = folder / "clip.aac"
    track.write(done.samples, encoded, quality("good"))
    heard = measure_file(encoded)
    original = decode_window(source, Span(start=0, end=30))
    taken, _ = voice(recipe)
    lag, second = _place(done.samples, original, pieces)
    speed = float(np.abs(np.diff(gains(taken))).max(initial=0.0)) * 200
    notes = "; ".join(filter(None, (done.note, *one.notes)))
    step = _step(taken, original, pieces)
    print(
        f"{label:34} {heard.integrated:6.1f} {heard.true_peak:6.1f} {lag:6.2f} {second:6.2f} "
        f"{step:5.2f} {speed:5.1f}  {notes}",
        flush=True,
    )
    return heard.integrated, heard.true_peak, lag, step, speed


def _place(done: Samples, source: Samples, pieces: Pieces) -> tuple[float, float]:
    """The largest lag in ms of any second of the clip, and the likeness of the best second place, 1 at most."""
    worst, second = 0.0, 0.0
    loud = int(np.argmax(np.mean(source.astype(np.float64) ** 2, axis=0)))
    whole = source[:, loud].astype(np.float64) - float(np.mean(source[:, loud]))
    energy = np.concatenate([[0.0], np.cumsum(whole**2)])
    for at in range(RATE // 10, len(done) - RATE - RATE // 10, RATE):
        middle = (at + RATE / 2) / RATE
        place = pieces.to_source(middle)
        if place is None or any(abs(join - middle) < 0.55 for join in pieces.joins):
            continue
        part = done[at : at + RATE, loud].astype(np.float64)
        size = 1 << (len(whole) + RATE).bit_length()
        found = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
        found = found[: len(whole) - RATE + 1]
        like = found / np.sqrt(np.maximum((energy[RATE:] - energy[:-RATE]) * np.sum(part**2), 1e-9))
        best = int(np.argmax(like))
        worst = max(worst, abs(best / RATE + 0.5 - place) * 1000)
        like[max(0, best - RATE // 20) : best + RATE // 20] = 0
        second = max(second, float(like.max()))
    return worst, second


def _step(taken: Samples, source: Samples, pieces: Pieces) -> float:
    """The largest step at a cut in parts of the largest one of the source around it."""
    near = RATE // 200
    worst = 0.0
    padded = np.concatenate([np.zeros((near * 2, 2), np.float32), taken, np.zeros((near * 2, 2), np.float32)])
    level = source - source.mean(axis=0)
    cuts = [(0.0, pieces.spans[0].start, pieces.spans[0].start), (pieces.seconds, pieces.spans[-1].end, 0.0)]
    cuts += [(join, a.end, b.start) for join, a, b in zip(pieces.joins, pieces.spans, pieces.spans[1:], strict=False)]
    for join, before, after in cuts:
        at = round(join * RATE) + 2 * near
        here = float(np.abs(np.diff(padded[at - 2 * near : at + 2 * near], axis=0)).max())
        there = [
            np.abs(np.diff(level[max(0, round(s * RATE) - 3 * near) : round(s * RATE) + 3 * near], axis=0)).max()
            for s in (before, after)
        ]
        worst = max(worst, here / max(float(max(there)), 1e-6))
    return worst


if __name__ == "__main__":
    main()
