"""JSON from strangers: parsed without surprises, numbers checked. In: text; out: plain values, or a clear refusal."""

from __future__ import annotations

import json
import math
from typing import Any

from clipper.errors import InputError
from clipper.speech.formats.timed_text import stamp

_MEND = "export the transcript again, or take another format (SRT, VTT)"


def parse(text: str, name: str) -> Any:
    """The document, whatever it is.

    Raises:
        InputError: no JSON, or nested beyond sense.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply for a transcript", _MEND) from error
    except json.JSONDecodeError as error:
        raise InputError(f"{name}, line {error.lineno}: no valid JSON ({error.msg})", _MEND) from error
    except ValueError as error:
        raise InputError(f"{name} holds a number that is too long", _MEND) from error


def seconds(value: object, name: str, where: str) -> float:
    """A time in seconds from a number, or a text such as "12.5" or "00:00:12.500"; a little below zero is zero.

    Raises:
        InputError: it is none, or far below zero.
    """
    found: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
    elif isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            found = stamp(value)
    if found is None or not math.isfinite(found):
        raise InputError(f"{name}, {where}: {str(value)[:40]!r} is not a time in seconds", _MEND)
    if found < -1.0:
        raise InputError(f"{name}, {where}: {found:g} s lies before the start", _MEND)
    return max(0.0, found)


def text_of(value: object) -> str:
    """A string, or nothing if it is none."""
    return value if isinstance(value, str) else ""


def share(value: object) -> float | None:
    """A confidence: a number within 0..1, else None."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    return None
