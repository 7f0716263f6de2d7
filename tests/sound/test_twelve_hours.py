"""A cut at 11:58:00 of a twelve-hour file lands on the sample that a decode from the start has there, in little memory.

The files are made of packets: one minute of talk again and again, then a minute that is like no other. What a decode
from the start gives there is known without doing it: the samples of every packet are counted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clipper.sound.decode import RATE, Samples, decode_window
from clipper.span import Span

from .conftest import SAMPLE, ffmpeg, from_the_start, lag, peak_megabytes

MINUTES = 718
LENGTH = 20  # seconds of talk that are said again and again


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hours")
    for name, start in (("often", 58), ("once", 120)):
        ffmpeg("-ss", str(start), "-t", str(LENGTH), "-i", SAMPLE, "-ar", "16000", "-ac", "1", folder / f"{name}.wav")
    return folder


# what the encoder is told, the container, samples a packet at the container's rate
KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "no_table.mp3": (("-c:a", "libmp3lame", "-q:a", "7", "-write_xing", "0"), "mp3"),
    "plain.m4a": (("-c:a", "aac", "-b:a", "24k"), "ipod"),
    "fine.m4a": (("-c:a", "aac", "-b:a", "32k", "-ar", "44100"), "ipod"),
    "plain.opus": (("-c:a", "libopus", "-b:a", "12k", "-frame_duration", "60"), "ogg"),
}


def packets(path: Path) -> tuple[Any, list[tuple[bytes, int]]]:
    """An encoded file's stream, and its packets, each with its length in ticks: what is decoded of it, never less."""
    import av

    container = av.open(str(path))
    stream = container.streams.audio[0]
    found = [(bytes(p), p.duration) for p in container.demux(stream) if p.size]
    longest = max(ticks for _, ticks in found)
    return container, [(data, longest) for data, _ in found]


def repeated(folder: Path, name: str, times: int) -> tuple[Path, float]:
    """The packets of `often` so many times and then those of `once`; the path, and where `once` begins in seconds."""
    import av

    arguments, form = KINDS[name]
    made = {}
    for part in ("often", "once"):
        made[part] = folder / f"{part}_{name}"
        if not made[part].exists():
            ffmpeg("-i", folder / f"{part}.wav", *arguments, made[part])
    path = folder / f"{times}_{name}"
    source, often = packets(made["often"])
    _, once = packets(made["once"])
    stream = source.streams.audio[0]
    with av.open(str(path), "w", format=form, options={"write_xing": "0"} if form == "mp3" else {}) as out:
        target = out.add_stream_from_template(stream)
        at = 0
        for data, ticks in _all(often, once, times):
            packet = av.Packet(data)
            packet.stream, packet.time_base = target, stream.time_base
            packet.pts = packet.dts = at
            packet.duration = ticks
            at += ticks
            out.mux(packet)
    before = times * sum(ticks for _, ticks in often)
    seconds = float(before * stream.time_base)
    source.close()
    return path, seconds


def _all(often: list[tuple[bytes, int]], once: list[tuple[bytes, int]], times: int) -> Iterator[tuple[bytes, int]]:
    for _ in range(times):
        yield from often
    yield from once


def long_and_short(folder: Path, name: str) -> tuple[Path, float, Path, float]:
    """Twelve hours, and the same with one repetition; each with the time at which `once` begins."""
    times = MINUTES * 60 // LENGTH
    return *repeated(folder, name, times), *repeated(folder, name, 2)


def assert_lands(path: Path, at: float, short: Path, short_at: float, exact: bool) -> None:
    for into in (0.9, 7.3):
        # the same distance from a sample at 48 kHz in both files
        start, there = round((at + into) * RATE) / RATE, round((short_at + into) * RATE) / RATE
        got = decode_window(path, Span(start=start, end=start + 3))
        truth = from_the_start(short, there, there + 3)
        if exact:
            assert np.array_equal(got, truth), f"{path.name}: lag {lag(got, truth)}"
        else:
            assert lag(got, truth) == 0, path.name
            assert np.abs(got - truth).max() < 0.2


CUT = (
    "import sys; from pathlib import Path; from clipper.span import Span; from clipper.sound.recipe import Recipe\n"
    "from clipper.sound.make import make\n"
    "make(Recipe.plain(Path(sys.argv[1]), Span(start=43080, end=43110)))"
)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_a_cut_after_almost_twelve_hours(name: str, folder: Path) -> None:
    path, at, short, short_at = long_and_short(folder, name)
    assert at >= 43_000
    assert_lands(path, at, short, short_at, exact=not name.endswith(".m4a"))
    assert peak_megabytes(CUT, path) < 200


def sparse_wav(path: Path, tail: Samples, rate: int, declared: int | None = None) -> float:
    """Twelve hours of 16 bits mono that take no room on the disk, and `tail` behind 11:58:00."""
    before = 43_080 * rate
    data = np.rint(tail[:, 0] * 32767).astype("<i2").tobytes()
    size = before * 2 + len(data)
    told = min(size, 0xFFFFFFFF) if declared is None else declared
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", min(told + 36, 0xFFFFFFFF), b"WAVE", b"fmt ", 16, 1, 1, rate,
                       rate * 2, 2, 16, b"data", told)  # fmt: skip
    with path.open("wb") as file:
        file.write(head)
        file.seek(before * 2, 1)
        file.write(data)
    return 43_080.0


@pytest.mark.parametrize("declared", [None, 0, 0xFFFFFFFF], ids=["right", "nothing", "without end"])
def test_a_wav_of_twelve_hours_whatever_its_header_says(declared: int | None, folder: Path) -> None:
    tail = from_the_start(folder / "once.wav", 0, LENGTH)[:, :1]
    heard = tail * np.float32(0.5**0.5)  # one channel on two sides
    path = folder / f"long_{declared}.wav"
    at = sparse_wav(path, tail, RATE, declared)
    got = decode_window(path, Span(start=at + 2, end=at + 5))
    assert np.abs(got - heard[2 * RATE : 5 * RATE]).max() < 1e-4
    assert peak_megabytes(CUT, path) < 200
    path.unlink()


def test_a_flac_of_twelve_hours_without_a_seek_table(folder: Path) -> None:
    tail = from_the_start(folder / "once.wav", 0, LENGTH)[:, 0][::3]
    path = folder / "long.flac"
    at = write_flac(path, 43_080, tail, 16_000)
    got = decode_window(path, Span(start=at + 2, end=at + 5))
    short = folder / "short.flac"
    there = write_flac(short, 4.096, tail, 16_000)
    assert np.array_equal(got, from_the_start(short, there + 2, there + 5))
    assert peak_megabytes(CUT, path) < 200


def write_flac(path: Path, seconds: float, tail: np.ndarray, rate: int) -> float:
    """A FLAC of so much silence (a constant a block) and then `tail`, word for word. Source: RFC 9639, 8 and 9."""
    block = 4096
    count = -(-round(seconds * rate) // block)
    blocks = [tail[i : i + block] for i in range(0, len(tail) - block, block)]
    info = struct.pack(">HH", block, block) + bytes(6)
    total = (count + len(blocks)) * block
    info += ((rate << 44) | (0 << 41) | (15 << 36) | total).to_bytes(8, "big") + bytes(16)
    with path.open("wb") as file:
        file.write(b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info)
        for number in range(count):
            file.write(_frame(number, b"\x00\x00\x00"))
        for number, samples in enumerate(blocks, count):
            file.write(_frame(number, b"\x02" + np.rint(samples * 32767).astype(">i2").tobytes()))
    return count * block / rate


def _frame(number: int, body: bytes) -> bytes:
    """One block of 4,096 samples, mono, 16 bits, 16 kHz: its head, a constant or verbatim subframe, its sums."""
    head = b"\xff\xf8\xc5\x08" + chr(number).encode("utf-8", "surrogatepass")
    head += bytes([_sum(head, 0x07, 8)])
    data = head + body
    return data + _sum(data, 0x8005, 16).to_bytes(2, "big")


def _table(polynomial: int, bits: int) -> list[int]:
    out = []
    for value in range(256):
        value <<= bits - 8
        for _ in range(8):
            value = (value << 1) ^ (polynomial if value >> (bits - 1) else 0)
            value &= (1 << bits) - 1
        out.append(value)
    return out


_TABLES = {(0x07, 8): _table(0x07, 8), (0x8005, 16): _table(0x8005, 16)}


def _sum(data: bytes, polynomial: int, bits: int) -> int:
    table, value = _TABLES[polynomial, bits], 0
    for byte in data:
        value = ((value << 8) ^ table[(value >> (bits - 8)) ^ byte]) & ((1 << bits) - 1)
    return value


@pytest.mark.parametrize("told", [3, 360_000], ids=["far too short", "far too long"])
def test_a_header_that_lies_about_the_length_moves_nothing(told: int, folder: Path) -> None:
    """An MP3 whose table of contents speaks of other lengths, and an M4A whose header does."""
    whole = folder / "told.mp3"
    ffmpeg("-i", folder / "often.wav", "-q:a", "6", whole)
    data = bytearray(whole.read_bytes())
    at = data.index(b"Xing") if b"Xing" in data else data.index(b"Info")
    assert data[at + 7] & 1
    data[at + 8 : at + 12] = told.to_bytes(4, "big")  # frames
    lying = folder / f"lying_{told}.mp3"
    lying.write_bytes(data)
    for start in (0.0, 4.0, 15.5):
        got = decode_window(lying, Span(start=start, end=start + 2))
        truth = from_the_start(lying, start, start + 2)
        assert lag(got, truth) == 0
        assert np.abs(got - truth).max() < 0.01
    m4a = folder / "told.m4a"
    ffmpeg("-i", folder / "often.wav", "-c:a", "aac", m4a)
    data = bytearray(m4a.read_bytes())
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        at = data.index(box) + 4
        offset = {b"mvhd": 16, b"tkhd": 20, b"mdhd": 16}[box]
        data[at + offset : at + offset + 4] = (told * 10).to_bytes(4, "big")
    lying = folder / f"lying_{told}.m4a"
    lying.write_bytes(data)
    got = decode_window(lying, Span(start=12, end=14))
    assert lag(got, from_the_start(lying, 12, 14)) == 0


def test_two_mp3_files_one_behind_the_other_are_one(folder: Path) -> None:
    """As a hosting service puts an advertisement in front: the header speaks of the first file alone."""
    for part in ("often", "once"):
        ffmpeg("-i", folder / f"{part}.wav", "-q:a", "6", "-id3v2_version", "0", folder / f"put_{part}.mp3")
    both = folder / "both.mp3"
    both.write_bytes((folder / "put_often.mp3").read_bytes() + (folder / "put_once.mp3").read_bytes())
    for start in (3.0, 19.2, 21.5, 33.3):
        got, truth = decode_window(both, Span(start=start, end=start + 2)), from_the_start(both, start, start + 2)
        assert lag(got, truth) == 0, start
        assert np.abs(got - truth).max() < 0.05, start
