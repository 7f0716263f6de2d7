"""A clip's sound made as its recipe says. In: a `Recipe`; out: samples of exactly the clip's length, and notes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clipper.media import probe_sound
from clipper.sound.bed import bedded
from clipper.sound.clean import cleaned
from clipper.sound.cover import cover
from clipper.sound.decode import Samples
from clipper.sound.joins import voice
from clipper.sound.level import levelled
from clipper.sound.loudness import finish
from clipper.sound.recipe import Recipe
from clipper.sound.repair import repaired


@dataclass(frozen=True, slots=True)
class Made:
    """A clip's sound, float32, shape (n, 2), 48 kHz, and what was noticed in the recording, a line each."""

    samples: Samples
    notes: tuple[str, ...] = ()


def make(recipe: Recipe) -> Samples:
    """The clip's sound before it is brought to its loudness, float32, shape (n, 2), 48 kHz (see `made`)."""
    return made(recipe).samples


def made(recipe: Recipe) -> Made:
    """The clip's sound before it is brought to its loudness (see `loudness.finish`), and what was noticed.

    Raises:
        InputError: the episode or a file of the producer's cannot be decoded.
        UsageError: a clean-up step that there is not.
    """
    tracks = probe_sound(recipe.audio).tracks
    several = (f"the audio has {tracks} sound tracks, the first one is heard",) if tracks > 1 else ()
    taken, offset = voice(recipe)
    samples, notes = repaired(taken)
    samples = levelled(cleaned(samples, recipe.clean))
    pieces = recipe.pieces
    cover(
        samples,
        [s for span in recipe.bleep for s in pieces.stretches(span)],
        [s for span in recipe.mute for s in pieces.stretches(span)],
    )
    return Made(bedded(samples, recipe), (*several, *offset, *notes))


def before_and_after(recipe: Recipe) -> tuple[Samples, Samples]:
    """The clip without and with its clean-up, both at the finished loudness, so that only the clean-up differs."""
    plain, clean = (make(one) for one in (replace(recipe, clean=()), recipe))
    return finish(plain, recipe.loudness).samples, finish(clean, recipe.loudness).samples
