"""A finished file shows every frame at its time, with its sound, in its colours; and the same bytes each time."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from clipper.export import track
from clipper.export.checks.boxes import boxes
from clipper.export.checks.look import container as facts
from clipper.export.encode import encode
from clipper.export.quality import qualities, quality
from clipper.picture import rate
from clipper.picture.scene import Scene
from clipper.sound.decode import RATE, Samples
from tests.picture.scenes import clicks, noise, numbered, read_number, spotlight, tone


def shown(path: Path) -> list[tuple[Fraction, int]]:
    """Time and number of every frame of a file made from `numbered`."""
    with av.open(str(path)) as container:
        return [(f.pts * f.time_base, read_number(f.to_ndarray()[: f.height])) for f in container.decode(video=0)]


def heard(path: Path) -> Samples:
    """All samples of a file, from its first packet on."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        pieces = [f.to_ndarray().T for f in container.decode(stream)]
    return np.concatenate(pieces)


def bursts(samples: Samples) -> list[float]:
    """Seconds at which the clicks made by `clicks` begin."""
    strong = np.flatnonzero(np.abs(samples[:, 0]) > 0.25)
    firsts = strong[np.diff(strong, prepend=-RATE) > RATE // 100]
    lasts = strong[np.diff(strong, append=strong[-1] + RATE) > RATE // 100]
    return [float((a + b) / 2 / RATE - 48 / RATE) for a, b in zip(firsts, lasts, strict=True)]


@pytest.mark.parametrize("fps", [23.976, 25, 29.97, 30, 50, 60])
def test_frame_n_shows_at_n_over_fps(fps: float, tmp_path: Path):
    path = tmp_path / "n.mp4"
    scene = numbered(47, fps)
    encode(scene, tone(47 / fps), path, quality("good"))
    exact = rate.exact(fps)
    assert shown(path) == [(n / exact, n) for n in range(47)]
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == exact


@pytest.mark.parametrize("frames", [1, 2])
def test_a_clip_shorter_than_three_frames(frames: int, tmp_path: Path):
    path = tmp_path / "short.mp4"
    encode(numbered(frames, 30), tone(frames / 30), path, quality("good"))
    assert [number for _, number in shown(path)] == list(range(frames))
    found = facts(path)
    assert (found.video_start, found.audio_start) == (0, 0)


@pytest.mark.parametrize(("seconds", "fps"), [(60.0, 30), pytest.param(600.0, 8, marks=pytest.mark.slow)])
def test_sound_and_picture_stay_together(seconds: float, fps: float, tmp_path: Path):
    path = tmp_path / "long.mp4"
    at = (0.5, seconds / 2, seconds - 0.5)
    encode(numbered(round(seconds * fps), fps), clicks(seconds, *at), path, quality("draft"))
    found = facts(path)
    assert abs(found.video_start - found.audio_start) < 0.001
    assert abs(found.video_seconds - found.audio_seconds) < 0.020
    assert bursts(heard(path)) == pytest.approx(at, abs=0.001)


def test_a_track_encoded_once_sounds_like_one_encoded_beside_the_picture(tmp_path: Path):
    samples = clicks(3.0, 0.2, 1.5, 2.8)
    track.write(samples, tmp_path / "sound.aac", quality("good"))
    encode(numbered(90, 30), samples, tmp_path / "a.mp4", quality("good"))
    encode(numbered(90, 30), tmp_path / "sound.aac", tmp_path / "b.mp4", quality("good"))
    one, other = heard(tmp_path / "a.mp4"), heard(tmp_path / "b.mp4")
    assert np.array_equal(one, other)
    first, second = facts(tmp_path / "a.mp4"), facts(tmp_path / "b.mp4")
    assert (first.audio_start, second.audio_start) == (0, 0)
    assert second.audio_seconds == pytest.approx(second.video_seconds, abs=0.02)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "b.mp4", "sound.aac"]


def test_the_same_clip_gives_the_same_bytes_and_no_date(tmp_path: Path):
    for name in ("a", "b"):
        encode(spotlight(1.5), tone(1.5), tmp_path / f"{name}.mp4", quality("good"))
    data = (tmp_path / "a.mp4").read_bytes()
    assert data == (tmp_path / "b.mp4").read_bytes()
    header = data.index(b"mvhd")
    assert data[header + 8 : header + 16] == bytes(8)  # creation and modification time
    names = boxes(tmp_path / "a.mp4")
    assert "elst" not in names
    assert names.index("moov") < names.index("mdat")


@pytest.mark.parametrize("name", list(qualities()))
def test_the_file_looks_like_the_picture(name: str, tmp_path: Path):
    path = tmp_path / "q.mp4"
    scene = spotlight(2.0, scale=0.5)
    encode(scene, tone(2.0), path, quality(name))
    canvas, worst = scene.planes(), 99.0
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            canvas.show(number)
            decoded = frame.to_ndarray()[: scene.h].astype(np.float32)
            error = float(((decoded - canvas.planes[0]) ** 2).mean())
            worst = min(worst, 10 * np.log10(255**2 / max(error, 1e-9)))
    assert number == scene.frames - 1
    assert worst > {"draft": 36, "good": 44, "best": 42}[name]


@pytest.mark.parametrize("name", [n for n in qualities() if n != "draft"])
def test_what_is_posted_has_the_form_that_platforms_ask_for(name: str, tmp_path: Path):
    path = tmp_path / "f.mp4"
    encode(spotlight(4.5), tone(4.5), path, quality(name))
    found = facts(path)
    assert (found.codec, found.profile, found.pixel_format) == ("h264", "High", "yuv420p")
    assert found.colours == (1, 1, 1, 1)
    with av.open(str(path)) as container:
        kinds = [(p.is_keyframe, p.pts, p.dts) for p in container.demux(video=0) if p.pts is not None]
    assert [i for i, (key, _, _) in enumerate(kinds) if key] == [0, 120]  # a closed group every four seconds
    assert all(pts == dts for _, pts, dts in kinds)  # no B-frames, hence no edit list needed


class Rain:
    """Noise everywhere in every frame: what a quantiser alone would spend any number of bits on."""

    def __init__(self, box) -> None:
        self.box = box

    def dirty(self, before, after):
        return [self.box]

    def patch(self, frame, box):
        from clipper.picture.layers import Patch

        return Patch(np.full((box.height, box.width), 255, np.uint8), noise(box.width, box.height, frame))


def test_a_busy_picture_stays_within_the_most_bits(tmp_path: Path):
    from clipper.picture.geometry import Box

    path = tmp_path / "rain.mp4"
    settings = dataclasses.replace(quality("good"), maxrate="1M", bufsize="1M")
    scene = Scene(noise(128, 128), [Rain(Box(0, 0, 128, 128))], 240, 30)
    encode(scene, tone(8.0), path, settings)
    assert path.stat().st_size * 8 / 8.0 < 1.5e6
    assert facts(path).frames == 240
