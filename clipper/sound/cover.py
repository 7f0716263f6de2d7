"""Words covered by a tone, or by the room's own quiet. In: a clip's voice and stretches; out: the voice, in place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clipper.sound.decode import RATE, Samples
from clipper.sound.quiet import levels, measured
from clipper.sound.room import laid_over, room_tone
from clipper.span import Span

HERTZ = 1000.0  # of the tone, as broadcasters use it
BELOW = 3.0  # dB that the tone lies under the voice
BEYOND = 0.01  # seconds on either side
_FADE = 240  # samples, 5 ms


def cover(samples: Samples, bleep: Sequence[Span], mute: Sequence[Span]) -> None:
    """Covers stretches of a clip, in clip time."""
    if not bleep and not mute:
        return
    voice = measured(levels(samples)).speech
    quiet = samples.copy() if mute else samples
    for number, span in enumerate(mute):
        first, last = _place(samples, span)
        laid_over(samples, first, last, room_tone(quiet, last - first + 2 * _FADE, 31 + number), _FADE)
    for span in bleep:
        first, last = _place(samples, span)
        times = np.arange(last - first + 2 * _FADE) / RATE
        tone = np.sin(2 * np.pi * HERTZ * times) * np.sqrt(2) * 10 ** ((voice - BELOW) / 20)
        laid_over(samples, first, last, np.repeat(tone[:, None], 2, axis=1).astype(np.float32), _FADE)


def _place(samples: Samples, span: Span) -> tuple[int, int]:
    first, last = round((span.start - BEYOND) * RATE), round((span.end + BEYOND) * RATE)
    return min(max(first, 0), len(samples)), min(max(last, 0), len(samples))
