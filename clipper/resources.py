"""Where the files that ship with clipper lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """The folder of the shipped templates."""
    return _first(_PACKAGE / "_templates", _PACKAGE.parent / "templates")


def fonts_dir() -> Path:
    """The folder of the shipped fonts."""
    return _first(_PACKAGE / "_fonts", _PACKAGE.parent / "assets" / "fonts")


def _first(*folders: Path) -> Path:
    return next((f for f in folders if f.is_dir()), folders[-1])
