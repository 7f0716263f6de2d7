"""The signals by name. A new one is a new file with a `SIGNAL`, a line here, and a weight in weights.toml."""

from __future__ import annotations

from clipper.highlights.signals import (
    around,
    delivery,
    feed,
    laughs,
    lexical,
    loudness_jump,
    meaning,
    music_bed,
    opening_form,
    own_trailer,
    position,
    questions,
    sound,
    title_words,
    topic,
    voices,
)
from clipper.highlights.signals.base import Setting, Signal

_ALL: tuple[Signal, ...] = (
    own_trailer.SIGNAL,
    topic.SIGNAL,
    title_words.SIGNAL,
    questions.SIGNAL,
    opening_form.SIGNAL,
    *meaning.SIGNALS,
    *lexical.SIGNALS,
    *delivery.SIGNALS,
    *around.SIGNALS,
    *voices.SIGNALS,
    *position.SIGNALS,
    *feed.SIGNALS,
    *sound.SIGNALS,
    laughs.SIGNAL,
    music_bed.SIGNAL,
    loudness_jump.SIGNAL,
)
SIGNALS: dict[str, Signal] = {signal.name: signal for signal in _ALL}

__all__ = ["SIGNALS", "Setting", "Signal"]
