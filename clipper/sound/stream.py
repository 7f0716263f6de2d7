"""An episode's sound passing by, once. In: a media file; out: pieces of one length, and windows over them.

Memory does not grow with the episode: a piece is let go before the next one is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from clipper.channels import uncancelled
from clipper.errors import InputError
from clipper.media import opening, probe_sound
from clipper.speech.engines.base import RATE

FRAMES = 50  # a second: what the sound's facts are given at
HOP = RATE // FRAMES  # samples, 320: 20 ms
PIECE = 20 * RATE  # samples that are looked at together, a multiple of HOP
FOURTH = RATE // 4  # Hz of the sound that holds voices' pitch and music's lower notes, 4 kHz
Floats = NDArray[np.float32]

_FULL = np.float32(1 / 32768)  # of an int16

# (1, 1, 1, 1) twice: the mean of four samples, smoothed again, holds back what would fold into the lower kilohertz
_TAPS = np.array([1, 2, 3, 4, 3, 2, 1], dtype=np.float32) / 16


def pieces(path: Path) -> Iterator[Floats]:
    """The episode in mono at 16 kHz, float32, full scale 1.0; all pieces PIECE long but the last.

    Counted as the words' times are: seconds of decoded sound from the first sample on.

    Raises:
        InputError: the file cannot be opened, has no sound, or nothing of it can be decoded.
    """
    held: list[NDArray[np.int16]] = []
    count = 0
    for block in _ahead(_mono(path)):
        held.append(block)
        count += len(block)
        if count >= PIECE:
            joined = np.concatenate(held)
            while len(joined) >= PIECE:
                yield joined[:PIECE] * _FULL
                joined = joined[PIECE:]
            held, count = [joined], len(joined)
    if count:
        yield np.concatenate(held) * _FULL


def _mono(path: Path) -> Iterator[NDArray[np.int16]]:
    """The same samples as `speech.audio.blocks` gives, in long blocks: a third less work for the same sound."""
    import av

    from clipper.sound.timeline import decoded

    probe_sound(path)
    empty, fault = True, ""
    try:
        with av.open(str(path), metadata_errors="ignore", options=opening(path)) as container:
            container.streams.audio[0].codec_context.thread_type = "AUTO"
            resampler: av.AudioResampler | None = None
            form: tuple[object, ...] = ()
            for frame in chain(uncancelled(decoded(container)), [None]):
                made = []
                now = None if frame is None else (frame.format.name, frame.layout.name, frame.sample_rate)
                if now != form:  # a stream may change on its way, and at its end the rest comes out
                    made += resampler.resample(None) if resampler else []
                    resampler, form = av.AudioResampler("s16", "mono", RATE, frame_size=PIECE), now or ()
                if frame is not None and resampler is not None:
                    frame.pts = None  # gaps and jumps of the container's clock are not the sound's
                    made += resampler.resample(frame)
                for long in made:
                    if long.samples:
                        empty = False
                        yield np.asarray(long.to_ndarray(), dtype=np.int16).reshape(-1)
    except (av.FFmpegError, ValueError, OSError) as error:
        fault = f" ({error})"
    if empty:
        raise InputError(f"no sound in {path.name} can be decoded{fault}", "export or download the audio again")


def _ahead(blocks: Iterator[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    """The same blocks, the next one decoded while the last one is looked at, on another core; never more than two."""
    ready: Queue[NDArray[np.int16] | BaseException | None] = Queue(maxsize=1)
    stop = Event()

    def put(what: NDArray[np.int16] | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                ready.put(what, timeout=0.2)
            except Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for block in blocks:
                if not put(block):
                    return
            put(None)
        except BaseException as error:  # carried over to the one who waits
            put(error)

    worker = Thread(target=work, name="decode", daemon=True)
    worker.start()
    try:
        while (what := ready.get()) is not None:
            if isinstance(what, BaseException):
                raise what
            yield what
    finally:
        stop.set()
        worker.join()


class Fourth:
    """Pieces at 16 kHz in, the same at 4 kHz out; what one piece's end lacks comes from the next one's start."""

    def __init__(self) -> None:
        self._before = np.zeros(3, dtype=np.float32)

    def __call__(self, piece: Floats) -> Floats:
        """Shape (len(piece) // 4,)."""
        count = len(piece) // 4
        if not count:
            return np.zeros(0, dtype=np.float32)
        padded = np.concatenate([self._before, piece])
        out = np.zeros(count, dtype=np.float32)
        for k, tap in enumerate(_TAPS):
            out += tap * padded[k : k + 4 * count : 4][:count]
        self._before = padded[4 * count : 4 * count + 3]
        return out


class Windows:
    """Overlapping windows of a stream.

    Args:
        size: samples of a window.
        hop: samples from one window's start to the next.
    """

    def __init__(self, size: int, hop: int) -> None:
        self._size, self._hop = size, hop
        # window k has the samples of hop k in its middle
        self._rest = np.zeros((size - hop) // 2, dtype=np.float32)

    def __call__(self, piece: Floats) -> Floats:
        """The windows that are whole now, shape (n, size); a view, to be used before the next call."""
        held = np.concatenate([self._rest, piece])
        count = max(0, (len(held) - self._size) // self._hop + 1)
        self._rest = held[count * self._hop :]
        if not count:
            return np.zeros((0, self._size), dtype=np.float32)
        return sliding_window_view(held, self._size)[:: self._hop][:count]

    def last(self) -> Floats:
        """The windows at the stream's end, silence behind it; shape (n, size), n at least 1."""
        return self(np.zeros(self._size, dtype=np.float32))
