"""The recognisers by name. In: a name and checked weights; out: an `Engine` that is ready to hear."""

from __future__ import annotations

from clipper.errors import UsageError
from clipper.speech.engines.base import Engine, Weights
from clipper.speech.engines.machine import wait_politely

ENGINES: tuple[str, ...] = ("faster-whisper", "openai-whisper")
DEFAULT = ENGINES[0]


def known(name: str) -> str:
    """`name`, if it is an engine's.

    Raises:
        UsageError: it is none.
    """
    if name not in ENGINES:
        raise UsageError(f"there is no engine {name!r}", f"--engine takes {' or '.join(ENGINES)}")
    return name


def open_engine(name: str, weights: Weights) -> Engine:
    """Loads the weights into the engine `name`; takes a second or a few.

    Raises:
        UsageError: no engine of that name.
        MissingError: the engine cannot load these weights.
    """
    # Imported here: each engine pulls in half a gigabyte of libraries that the other one does not need.
    wait_politely()
    if known(name) == "faster-whisper":
        from clipper.speech.engines.faster_whisper import FasterWhisper

        return FasterWhisper(weights)
    from clipper.speech.engines.openai_whisper import OpenAIWhisper

    return OpenAIWhisper(weights)
