"""The signals by name. A new one is a new file with a `SIGNAL`, a line here, and a weight in weights.toml."""

from __future__ import annotations

from clipper.highlights.signals import lexical, opening_form, position, questions, title_words, topic
from clipper.highlights.signals.base import Setting, Signal

SIGNALS: dict[str, Signal] = {
    s.name: s
    for s in (
        topic.SIGNAL,
        title_words.SIGNAL,
        questions.SIGNAL,
        opening_form.SIGNAL,
        position.SIGNAL,
        *lexical.SIGNALS,
    )
}

__all__ = ["SIGNALS", "Setting", "Signal"]
