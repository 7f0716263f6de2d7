"""The episode's own sound that a clip has to sound like. In: the clip's recipe; out: a `Source`, decoded when asked."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from clipper.export.checks.model import Mono, Source
from clipper.media import Mix
from clipper.sound.decode import RATE, Samples, decode_window
from clipper.sound.recipe import Recipe
from clipper.span import Span

AT_ONCE = 60.0  # seconds of the episode decoded at a time


def source_of(recipe: Recipe) -> Source:
    """The episode's sound that the clip is made of; what is not the episode's is not compared."""
    made = recipe.pieces
    covered = [s for span in (*recipe.bleep, *recipe.mute) for s in made.stretches(span)]
    heard = [Span(start=at, end=at + span.seconds) for at, span in zip(made.starts, made.spans, strict=True)]
    at = 0.0
    for stretch in heard:  # an intro, a separator, an outro
        if stretch.start > at + 1e-6:
            covered.append(Span(start=at, end=stretch.start))
        at = stretch.end
    if made.seconds > at + 1e-6:
        covered.append(Span(start=at, end=made.seconds + 1))
    pieces = tuple(zip(made.starts, made.spans, strict=True))

    def window(span: Span, rate: int) -> Mono:
        # some seconds at a time: a clip may be as long as the episode
        edges_ = [*np.arange(span.start, span.end, AT_ONCE), span.end]
        parts = [Span(start=a, end=b) for a, b in pairwise(edges_) if b > a]
        heard: Mono = np.concatenate([_narrow(_one_channel(decode_window(recipe.audio, s)), rate) for s in parts])
        return heard

    return Source(window, pieces, tuple(covered), recipe.music is not None or bool(recipe.clean))


def _one_channel(samples: Samples) -> Samples:
    """Both channels as one, shape (n, 1); the louder one where they cancel each other or one is silent."""
    sides = np.sqrt((samples.astype(np.float64) ** 2).mean(axis=0)) if len(samples) else np.zeros(2)
    mean: Samples = samples.mean(axis=1)
    if len(samples) and float(np.sqrt((mean.astype(np.float64) ** 2).mean())) < 0.3 * sides.max():
        mean = samples[:, int(sides.argmax())]
    return mean[:, None]


def _narrow(samples: np.ndarray, rate: int) -> Mono:
    import av

    mix, out = Mix("flt", "mono", rate), []
    for first in range(0, len(samples), RATE):
        piece = np.ascontiguousarray(samples[first : first + RATE])
        frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = RATE
        out += [made[:, 0] for made in mix(frame)]
    out += [made[:, 0] for made in mix(None)]
    return np.concatenate(out) if out else np.zeros(0, dtype=np.float32)
