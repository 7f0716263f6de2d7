"""The recognisers by name. In: a name and checked weights; out: an `Engine` that is ready to hear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clipper.errors import UsageError
from clipper.speech.engines.base import Engine, Weights
from clipper.speech.engines.machine import wait_politely

ENGINES: tuple[str, ...] = ("faster-whisper", "openai-whisper")
DEFAULT = ENGINES[0]

_held: dict[tuple[str, str], Engine] | None = None


def known(name: str) -> str:
    """`name`, if it is an engine's.

    Raises:
        UsageError: it is none.
    """
    if name not in ENGINES:
        raise UsageError(f"there is no engine {name!r}", f"--engine takes {' or '.join(ENGINES)}")
    return name


@contextmanager
def sharing() -> Iterator[None]:
    """Inside, an engine that was opened stays open for the next episode; for processes that hear one after another."""
    global _held
    _held = {}
    try:
        yield
    finally:
        _held = None


def open_engine(name: str, weights: Weights) -> Engine:
    """Loads the weights into the engine `name`; takes a second or a few.

    Raises:
        UsageError: no engine of that name.
        MissingError: the engine cannot load these weights.
    """
    # Imported here: each engine pulls in half a gigabyte of libraries that the other one does not need.
    wait_politely()
    if _held is None:
        return _load(known(name), weights)
    if (name, weights.digest) not in _held:
        _held.clear()  # one at a time: they are large
        _held[name, weights.digest] = _load(known(name), weights)
    return _held[name, weights.digest]


def _load(name: str, weights: Weights) -> Engine:
    if name == "faster-whisper":
        from clipper.speech.engines.faster_whisper import FasterWhisper

        return FasterWhisper(weights)
    from clipper.speech.engines.openai_whisper import OpenAIWhisper

    return OpenAIWhisper(weights)
