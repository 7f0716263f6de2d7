"""Any window of any file holds the samples that a decode from the start has there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clipper.errors import InputError
from clipper.sound.decode import RATE, Samples, decode_window
from clipper.span import Span

from .conftest import SAMPLE, ffmpeg, from_the_start, lag, peak_megabytes

SHARED = Path(__file__).parents[2] / ".." / "shared" / "sample" / "odd"
# what ffmpeg is told, and whether the decoder gives the same bits when it starts in mid-stream: AAC's noise
# substitution draws other random numbers, MP2's and AC-3's dither and overlap differ in the last bits
KINDS: dict[str, tuple[tuple[str, ...], bool]] = {
    "plain.wav": (("-c:a", "pcm_s16le"), True),
    "plain.flac": ((), True),
    "constant.mp3": (("-b:a", "96k"), True),
    "variable.mp3": (("-q:a", "4"), True),
    "no_table.mp3": (("-q:a", "4", "-write_xing", "0"), True),
    "low_rate.mp3": (("-ar", "22050", "-b:a", "48k"), True),
    "plain.m4a": (("-b:a", "96k"), False),
    "raw.aac": (("-b:a", "96k"), False),
    "vorbis.ogg": (("-c:a", "libvorbis"), True),
    "opus.opus": (("-c:a", "libopus", "-b:a", "64k"), True),
    "opus.webm": (("-c:a", "libopus", "-b:a", "64k"), True),
    "vorbis.webm": (("-c:a", "libvorbis"), True),
    "mp3.mkv": (("-c:a", "libmp3lame", "-b:a", "96k"), True),
    "late.ts": (("-c:a", "mp2", "-output_ts_offset", "1000"), False),
    "windows.wma": (("-c:a", "wmav2"), True),
    "old.avi": (("-c:a", "ac3"), False),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds")


def assert_same(path: Path, start: float, exact: bool, length: float = 1.5) -> None:
    got = decode_window(path, Span(start=start, end=start + length))
    truth = from_the_start(path, start, start + length)
    assert got.shape == truth.shape == (round((start + length) * RATE) - round(start * RATE), 2)
    if exact:
        assert np.array_equal(got, truth), f"at {start} s, lag {lag(got, truth)}"
    else:
        assert lag(got, truth) == 0, f"at {start} s"
        assert np.abs(got - truth).max() < 0.2
        assert np.sum(got * truth) > 0.995 * np.sqrt(np.sum(got**2) * np.sum(truth**2))


@pytest.mark.parametrize("name", KINDS)
def test_every_window_has_the_samples_of_a_decode_from_the_start(name: str, folder: Path, speech: Path) -> None:
    arguments, exact = KINDS[name]
    ffmpeg("-i", speech, *arguments, folder / name)
    for start in (0.0, 0.013, 4.0, 17.777, 33.21):
        assert_same(folder / name, start, exact)


@pytest.fixture(scope="module")
def tagged(folder: Path, speech: Path) -> Path:
    """An MP3 behind an ID3 tag of 20 MB, as a large cover makes it."""
    plain, path = folder / "untagged.mp3", folder / "tagged.mp3"
    ffmpeg("-i", speech, "-q:a", "4", "-id3v2_version", "0", plain)
    size = 20 * 1024 * 1024
    body = b"APIC" + (size - 10).to_bytes(4, "big") + b"\0\0" + b"\0image/png\0\3\0" + bytes(size - 10 - 13)
    length = bytes((len(body) >> shift) & 127 for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\3\0\0" + length + body + plain.read_bytes())
    return path


def test_a_tag_of_twenty_megabytes_moves_nothing(tagged: Path) -> None:
    for start in (0.0, 4.0, 33.21):
        assert_same(tagged, start, exact=True)


@pytest.mark.parametrize(("name", "codec"), [("late.mp4", "aac"), ("late.mkv", "libopus"), ("late_video.ts", "mp2")])
def test_the_sound_of_a_video_counts_from_its_own_first_sample(
    name: str, codec: str, folder: Path, speech: Path
) -> None:
    picture = ("-f", "lavfi", "-i", "color=s=64x64:r=5:d=30")
    path = folder / name
    ffmpeg(*picture, "-itsoffset", "0.7", "-i", speech, "-shortest", "-c:a", codec, "-preset", "ultrafast", path)
    for start in (0.0, 4.0, 23.456):
        assert_same(path, start, exact=codec == "libopus")


def test_an_ogg_file_may_begin_late(folder: Path, speech: Path) -> None:
    opus, vorbis = folder / "whole.opus", folder / "whole.ogg"
    ffmpeg("-i", speech, "-c:a", "libopus", "-b:a", "64k", opus)
    ffmpeg("-i", speech, "-c:a", "libvorbis", vorbis)
    ffmpeg("-i", opus, "-c", "copy", "-output_ts_offset", "55", folder / "offset.ogg")
    ffmpeg("-ss", "9", "-i", vorbis, "-c", "copy", "-copyts", folder / "torn.ogg")
    for start in (0.0, 4.0, 5.3, 21.5):
        assert_same(folder / "offset.ogg", start, exact=True)
        assert_same(folder / "torn.ogg", start, exact=True)


@pytest.mark.parametrize(
    ("name", "codec"), [("hole.mp4", "aac"), ("hole.webm", "libopus"), ("hole.ts", "mp2"), ("hole.ogg", "libvorbis")]
)
def test_a_hole_in_the_clock_is_no_hole_in_the_sound(name: str, codec: str, folder: Path, speech: Path) -> None:
    """As a recorded call has it: the recogniser counts the samples that are there, so the cut must, too."""
    path = folder / name
    ffmpeg("-i", speech, "-af", "aselect='not(between(t,10,13))*not(between(t,20,20.5))'", "-c:a", codec, path)
    for start in (5.0, 9.5, 15.0, 30.21):
        assert_same(path, start, exact=codec.startswith("lib"))


def test_the_recogniser_counts_from_the_same_sample(folder: Path, speech: Path) -> None:
    from clipper.speech.audio import blocks

    for name in ("variable.mp3", "plain.m4a", "opus.webm", "hole.mp4", "late.mp4", "late.ts"):
        path = folder / name
        if not path.exists():
            pytest.skip("the files come from the tests above")
        heard = np.concatenate(list(blocks(path))).astype(np.float32) / 32768
        start = 24.0
        cut = decode_window(path, Span(start=start, end=start + 2))
        heard = heard[round(start * 16_000) : round((start + 2) * 16_000)]
        ours = cut.mean(axis=1).reshape(-1, 3).mean(axis=1)
        assert abs(lag(ours[:, None], heard[:, None])) <= 1, name


@pytest.fixture(scope="module")
def long_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Forty minutes: the sample again and again, and under it a tone that rises all the way, so that no place is like
    another."""
    folder = tmp_path_factory.mktemp("long")
    files = {name: folder / name for name in ("long.mp3", "long.mp4", "long.mkv")}
    tone = "aevalsrc='0.2*sin(2*PI*(200*t+0.5*t*t))':s=16000:d=2400"
    mix = "[0:a]aresample=16000,pan=mono|c0=0.5*c0+0.5*c1[v];[v][1:a]amix=duration=shortest:normalize=0"
    ffmpeg(
        *("-stream_loop", "-1", "-i", SAMPLE, "-f", "lavfi", "-i", tone, "-filter_complex", mix),
        *("-t", "2400", "-q:a", "7", "-compression_level", "9", "-write_xing", "0", files["long.mp3"]),
    )
    for name in ("long.mp4", "long.mkv"):
        ffmpeg("-i", files["long.mp3"], "-c", "copy", files[name])
    return files


@pytest.mark.slow
@pytest.mark.parametrize("name", ["long.mp3", "long.mp4", "long.mkv"])
def test_forty_minutes_in_a_cut_lands_on_the_sample(name: str, long_files: dict[str, Path]) -> None:
    assert_same(long_files[name], 2371.234, exact=True, length=4)


@pytest.mark.slow
def test_a_cut_near_the_end_of_a_long_file_takes_little_memory(long_files: dict[str, Path]) -> None:
    program = (
        "import sys; from pathlib import Path; from clipper.span import Span; from clipper.sound.cut import cut\n"
        "cut(Path(sys.argv[1]), Span(start=2360, end=2395))"
    )
    for path in long_files.values():
        assert peak_megabytes(program, path) < 200, path.name


@pytest.mark.parametrize("name", ["plain.wav", "variable.mp3", "plain.m4a", "opus.webm"])
def test_beyond_the_end_there_is_silence(name: str, folder: Path, speech: Path) -> None:
    path = folder / f"end_{name}"
    ffmpeg("-i", speech, *KINDS[name][0], path)
    over = decode_window(path, Span(start=39, end=42))
    assert len(over) == 3 * RATE
    assert np.abs(over[: RATE // 2]).max() > 0.01
    assert not over[round(1.2 * RATE) :].any()
    assert not decode_window(path, Span(start=500, end=501)).any()
    assert decode_window(path, Span(start=3, end=3)).shape == (0, 2)


@pytest.mark.parametrize("name", ["plain.wav", "plain.flac", "variable.mp3", "raw.aac", "vorbis.ogg", "late.ts"])
def test_a_file_cut_off_in_the_middle_keeps_what_there_is(name: str, folder: Path, speech: Path) -> None:
    whole, half = folder / f"whole_{name}", folder / f"half_{name}"
    ffmpeg("-i", speech, *KINDS[name][0], whole)
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    kept, truth = (decode_window(path, Span(start=5, end=25)) for path in (half, whole))
    assert np.abs(kept[: 8 * RATE] - truth[: 8 * RATE]).max() < 0.1
    assert not kept[18 * RATE :].any()


@pytest.mark.parametrize("name", ["plain.flac", "variable.mp3", "raw.aac"])
def test_rubbish_after_the_end_or_in_the_middle_harms_only_its_place(name: str, folder: Path, speech: Path) -> None:
    whole, spoilt = folder / f"clean_{name}", folder / f"spoilt_{name}"
    ffmpeg("-i", speech, *KINDS[name][0], whole)
    data = bytearray(whole.read_bytes())
    rubbish = np.random.default_rng(3).integers(0, 256, 3000, dtype=np.uint8).tobytes()
    data[len(data) * 3 // 4 :][:3000] = rubbish
    data[len(data) * 3 // 4 : len(data) * 3 // 4 + 3000] = rubbish
    spoilt.write_bytes(bytes(data) + rubbish)
    kept, truth = (decode_window(path, Span(start=10, end=25)) for path in (spoilt, whole))
    assert lag(kept, truth) == 0
    assert np.abs(decode_window(spoilt, Span(start=34, end=36))).max() > 0.01


def test_a_rate_that_changes_on_the_way_is_followed(folder: Path, speech: Path) -> None:
    ffmpeg("-t", "10", "-i", speech, "-ar", "44100", "-b:a", "96k", folder / "one.aac")
    ffmpeg("-ss", "10", "-t", "10", "-i", speech, "-ar", "24000", "-ac", "1", "-b:a", "48k", folder / "two.aac")
    path = folder / "both.aac"
    path.write_bytes((folder / "one.aac").read_bytes() + (folder / "two.aac").read_bytes())
    both = decode_window(path, Span(start=0, end=21))
    truth = from_the_start(speech, 0, 21)
    for second in (3, 15):
        there = slice(second * RATE, (second + 3) * RATE)
        assert abs(lag(both[there], truth[there])) < 0.08 * RATE  # each part brings its encoder's priming


def test_numbers_that_are_none_do_not_get_through(tmp_path: Path) -> None:
    from clipper.sound.wav import write_wav

    bad = np.full((RATE, 2), 0.1, dtype=np.float32)
    bad[100], bad[200], bad[300] = np.nan, np.inf, -np.inf
    write_wav(tmp_path / "bad.wav", bad)
    assert np.isfinite(decode_window(tmp_path / "bad.wav", Span(start=0, end=1))).all()


@pytest.mark.parametrize("channels", ["mono", "5.1", "7.1"])
def test_all_channels_are_heard(channels: str, tmp_path: Path, speech: Path) -> None:
    path = tmp_path / "many.flac"
    ffmpeg("-i", speech, "-t", "5", "-af", f"aformat=channel_layouts={channels}", path)
    got = decode_window(path, Span(start=0, end=5))
    assert np.abs(got).max() > 0.05
    assert np.abs(got[:, 0]).max() == pytest.approx(np.abs(got[:, 1]).max(), rel=0.3)


@pytest.mark.parametrize("content", [b"", b"not sound at all, only words" * 100, b"RIFF\x24\0\0\0WAVEfmt "])
def test_a_file_that_is_no_sound_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "talk.mp3"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"talk\.mp3"):
        decode_window(path, Span(start=0, end=1))


def test_a_file_that_is_not_there_and_a_picture_without_sound_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.mp3"):
        decode_window(tmp_path / "nowhere.mp3", Span(start=0, end=1))
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=1", tmp_path / "mute.mp4")
    with pytest.raises(InputError, match="no sound"):
        decode_window(tmp_path / "mute.mp4", Span(start=0, end=1))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared here")
def test_odd_containers_of_one_reading_agree() -> None:
    """The FLAC has bytes behind its end, on which a plain decode raises."""
    readings: dict[str, Samples] = {}
    for path in sorted(SHARED.glob("librivox_sonnet_p001.*")):
        readings[path.suffix] = decode_window(path, Span(start=0, end=10))
        assert np.abs(readings[path.suffix][7 * RATE :]).max() > 0.02, path.suffix
    assert len(readings) == 7
    for suffix, reading in readings.items():
        # without an edit list the AAC encoder's 1,024 samples of priming stay; LAME's 1,105 stay without a table
        assert abs(lag(reading, readings[".aiff"])) <= 2600, suffix
