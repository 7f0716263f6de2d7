"""Right to left and left to right on one line: levels by FriBidi, the library that raqm itself loads.

In: a line's text; out: a level for each character and the order of runs on the line. Source: Unicode annex 9.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import regex

from clipper.errors import MissingError
from clipper.picture.fonts import RAQM_MEND

RLM, LRM = "\u200f", "\u200e"
_RTL = regex.compile(r"[\p{bc=R}\p{bc=AL}\p{bc=AN}\u202b\u202e\u2067]")
_MARKS = regex.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ON, _LEFT, _RIGHT = 0x40, 0x110, 0x111  # FRIBIDI_PAR_ON, _LTR and _RTL
_NAMES = ("libfribidi.so.0", "libfribidi.0.dylib", "libfribidi.dylib", "fribidi-0.dll", "libfribidi-0.dll", "fribidi")


def has_rtl(text: str) -> bool:
    """Whether any part of the text runs from right to left."""
    return not text.isascii() and _RTL.search(text) is not None


def starts_rtl(text: str) -> bool:
    """Whether a paragraph runs from right to left: by its first strong character."""
    if text.isascii():
        return False
    return next((b != "L" for c in text if (b := unicodedata.bidirectional(c)) in ("L", "R", "AL")), False)


def without_marks(text: str) -> str:
    """Text without the invisible characters that steer direction; their work is done in the levels."""
    return text if text.isascii() else _MARKS.sub("", text)


def levels(text: str) -> list[int]:
    """The embedding level of each character; odd ones run from right to left.

    Raises:
        MissingError: FriBidi is not on this machine.
    """
    if not has_rtl(text):
        return [0] * len(text)
    library, count = _library(), len(text)
    codes = (ctypes.c_uint32 * count)(*map(ord, text))
    types, brackets, out = (ctypes.c_uint32 * count)(), (ctypes.c_uint32 * count)(), (ctypes.c_int8 * count)()
    base = ctypes.c_uint32(_RIGHT if starts_rtl(text) else _LEFT)
    library.fribidi_get_bidi_types(codes, count, types)
    library.fribidi_get_bracket_types(codes, count, types, brackets)
    library.fribidi_get_par_embedding_levels_ex(types, brackets, count, ctypes.byref(base), out)
    return [max(0, level) for level in out]


def visual(order: Sequence[int]) -> list[int]:
    """The numbers of runs with these levels, from left to right (rule L2)."""
    at = list(range(len(order)))
    for level in range(max(order, default=0), 0, -1):
        first = 0
        while first < len(at):
            end = first
            while end < len(at) and order[at[end]] >= level:
                end += 1
            if end > first:
                at[first:end] = at[first:end][::-1]
            first = end + 1
    return at


@cache
def _library() -> Any:
    for name in (*_NAMES, ctypes.util.find_library("fribidi")):
        if not name:
            continue
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if hasattr(library, "fribidi_get_par_embedding_levels_ex"):
            return library
    raise MissingError("FriBidi, which orders text from right to left, is not on this machine", RAQM_MEND)
