"""Decoded sound, as it comes: its loudness (EBU R 128) and a narrow copy of it for comparing.

In: decoded frames; out: a `Sound`.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from clipper.export.checks.model import Sound
from clipper.media import Mix
from clipper.sound.decode import CHANNELS, RATE
from clipper.sound.loudness import SILENCE, Loudness

AT_ONCE = RATE // 2  # samples that the meter is given together
NARROW = 4_000  # Hz: speech is known by what lies below 2 kHz


class Ears:
    """Listens to frames one after the other; `broken` counts packets that could not be decoded."""

    def __init__(self) -> None:
        import av

        self.broken = 0
        self._mix = Mix("flt", "stereo", RATE)
        self._narrow = Mix("flt", "mono", NARROW)
        self._mono: list[Any] = []
        self._waiting: list[Any] = []
        self._graph = av.filter.Graph()
        source = self._graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo")
        meter = self._graph.add("ebur128", "metadata=1:peak=true")
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._last: dict[str, str] = {}
        self._peak = float("-inf")
        self._at = 0

    def hear(self, frame: Any | None) -> None:
        """Takes in a frame; None: there are no more."""
        self._waiting += list(self._mix(frame))
        if frame is None or sum(map(len, self._waiting)) >= AT_ONCE:
            self._measure()
        self._mono += [piece[:, 0] for piece in self._narrow(frame)]

    def _measure(self) -> None:
        import av

        for piece in [np.concatenate(self._waiting)] if self._waiting else []:
            made = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="flt", layout="stereo")
            made.sample_rate, made.pts = RATE, self._at
            self._at += len(piece)
            self._graph.push(made)
            self._pull()
        self._waiting = []

    def _pull(self) -> None:
        import av

        while True:
            try:
                measured = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            self._last = measured.metadata or self._last
            for channel in range(CHANNELS):
                peak = self._last.get(f"lavfi.r128.true_peaks_ch{channel}")
                if peak is not None:
                    self._peak = max(self._peak, float(peak))

    def sound(self) -> Sound:
        """What was heard."""
        import av

        self.hear(None)
        short = 2 * RATE // 5 - self._at
        if short > 0:  # the meter needs a window of 0.4 s
            silence = np.zeros((1, CHANNELS * (short + RATE // 10)), dtype=np.float32)
            made = av.AudioFrame.from_ndarray(silence, format="flt", layout="stereo")
            made.sample_rate, made.pts = RATE, self._at
            self._graph.push(made)
            self._pull()
        self._graph.push(None)
        self._pull()
        level = float(self._last.get("lavfi.r128.I", "-inf"))
        peak = 20 * float(np.log10(self._peak)) if self._peak > 0 else float("-inf")
        mono = np.concatenate(list(chain(self._mono, [np.zeros(0, dtype=np.float32)])))
        return Sound(Loudness(float("-inf") if level <= SILENCE else level, peak), mono, NARROW, self.broken)
