"""TOML files that people write: read with care, and refused in one line. In: a path, a pydantic model; out: values.

The file may be anything at all (huge, binary, of the wrong kinds): every fault becomes an `InputError` that names the
file, the key and, for a slip of the pen, the right key.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from clipper.errors import InputError

LARGEST = 200_000  # bytes of a settings file; ours have a few thousand

# pydantic's words for kinds, in those of TOML
WORDS = {
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "string_type": "expected a text in quotes",
    "int_type": "expected a whole number",
    "float_type": "expected a number",
    "bool_type": "expected true or false",
    "string_too_short": "expected a text that is not empty",
}

M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path, largest: int = LARGEST) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        InputError: it is not there, too large, not UTF-8 or not TOML.
    """
    try:
        with path.open("rb") as f:
            raw = f.read(largest + 1)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", "check its name and permissions"
        ) from error
    if len(raw) > largest:
        raise InputError(f"{path} is larger than {largest} bytes", "it holds settings, nothing else")
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not text (UTF-8)", "save it as UTF-8") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        raise InputError(f"{path} is not TOML: {error}", "correct that line") from error


def checked(path: Path, data: dict[str, Any], model: type[M], example: str) -> M:
    """`data` as a `model`.

    Args:
        path: where it was read, for the messages.
        data: as `read_toml` gives it.
        model: of the whole file, with extra="forbid".
        example: where the producer sees how it is meant, such as "docs/show-file.md has an example".

    Raises:
        InputError: the first thing that is wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise table_error(path, error, model, example) from error
    except RecursionError as error:
        raise InputError(f"{path} is nested too deeply", example) from error


def table_error(path: Path, error: ValidationError, model: type[BaseModel], example: str) -> InputError:
    """The first thing that is wrong with a file, with its key and, for a slip of the pen, the right one."""
    first = error.errors()[0]
    where = tuple(
        str(part) for part in first["loc"] if not str(part).startswith(("function-", "literal[", "constrained"))
    )
    key = ".".join(where) or "the file"
    if first["type"] == "extra_forbidden":
        return no_such_key(path, key, keys_of(model, where[:-1]))
    if first["type"] == "missing":
        return InputError(f"{path}: {key} is missing", example)
    got = first["input"]
    shown = f" (it is {str(got).lower() if isinstance(got, bool) else repr(got)})"
    said = WORDS.get(first["type"], first["msg"].removeprefix("Value error, ").replace("Input should be", "expected"))
    return InputError(f"{path}: {key}: {said}{shown if isinstance(got, str | int | float) else ''}", example)


def no_such_key(path: Path | str, key: str, known: Sequence[str]) -> InputError:
    """The error for a key, written with its tables ("signals.stroy"), that is none of `known`."""
    near = difflib.get_close_matches(key.split(".")[-1], known, 1)
    mend = f"did you mean {near[0]}?" if near else f"keys there are: {', '.join(known)}" if known else "take it out"
    return InputError(f"{path}: {key}: there is no such key", mend)


def keys_of(model: type[BaseModel], where: Sequence[str]) -> list[str]:
    """The keys that the table at `where` may have; empty where any key may stand."""
    for part in where:
        field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        inner = None if field is None else next(_models(field.annotation), None)
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from _models(inner)
