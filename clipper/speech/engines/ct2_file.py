"""CTranslate2's model.bin: its table of variables, and their values as arrays.

In: a path; out: where each variable lies. Reading the table checks that the file is whole, without reading the values.

Layout, little-endian: uint32 binary version; name of the specification; uint32 its revision; uint32 count, then for
each variable its name, uint8 rank, uint32 each dimension, uint8 type, uint32 bytes, values; uint32 count of aliases,
then pairs of names. A name is a uint16 length that counts the closing NUL, then the bytes.

Source: ctranslate2 4.x, python/ctranslate2/specs/model_spec.py, `ModelSpec._serialize`.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINARY_VERSION = 6
_TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
_BYTES = (4, 1, 2, 4, 2, 2)
_MOST_VARIABLES = 20_000  # large-v3 has about 1,300


@dataclass(frozen=True, slots=True)
class Variable:
    """One tensor: its shape, its type's name, and the offset of its values in the file."""

    shape: tuple[int, ...]
    dtype: str
    offset: int


@dataclass(frozen=True, slots=True)
class Table:
    """All variables of a file by name, aliases included; `spec` is "WhisperSpec" for Whisper."""

    path: Path
    spec: str
    revision: int
    variables: Mapping[str, Variable]

    def read(self, name: str) -> NDArray[Any]:
        """One variable's values as float32 (or its integer type); int8 weights are scaled back.

        Raises:
            KeyError: no such variable.
            ValueError: a type that cannot be read.
        """
        import numpy as np

        variable = self.variables[name]
        if variable.dtype == "bfloat16":
            raw = np.fromfile(self.path, "<u2", math.prod(variable.shape), offset=variable.offset)
            wide: NDArray[Any] = (raw.astype("<u4") << 16).view("<f4")
            return wide.reshape(variable.shape)
        flat = np.fromfile(
            self.path, np.dtype(variable.dtype).newbyteorder("<"), math.prod(variable.shape), offset=variable.offset
        )
        values: NDArray[Any] = flat.reshape(variable.shape)
        scale = f"{name}_scale"
        if variable.dtype in ("int8", "int16") and scale in self.variables:
            factor = self.read(scale)
            values = (values / factor.reshape((-1,) + (1,) * (values.ndim - 1))).astype(np.float32)
            return values
        if variable.dtype.startswith("float"):
            values = values.astype(np.float32)
        return values


def read_table(path: Path) -> Table:
    """The table of `path`, which is read to its last byte's place.

    Raises:
        ValueError: no model.bin, or one that is cut off; the message says where.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as f:
        try:
            (version,) = _unpack(f, "<I")
            if version != BINARY_VERSION:
                raise ValueError(f"binary version {version}, expected {BINARY_VERSION}")
            spec = _name(f)
            revision, count = _unpack(f, "<II")
            if count > _MOST_VARIABLES:
                raise ValueError(f"{count} variables")
            variables = {}
            for _ in range(count):
                name = _name(f)
                (rank,) = _unpack(f, "<B")
                shape = _unpack(f, f"<{rank}I")
                kind, length = _unpack(f, "<BI")
                offset = f.tell()
                if kind >= len(_TYPES) or math.prod(shape) * _BYTES[kind] != length or offset + length > size:
                    raise ValueError(f"variable {name!r} does not fit the file")
                variables[name] = Variable(shape, _TYPES[kind], offset)
                f.seek(length, 1)
            (aliases,) = _unpack(f, "<I")
            for _ in range(min(aliases, _MOST_VARIABLES)):
                alias, name = _name(f), _name(f)
                variables[alias] = variables[name]
        except (struct.error, UnicodeDecodeError, KeyError, EOFError) as error:
            raise ValueError(f"cut off or no model at byte {f.tell()} of {size}") from error
    return Table(path, spec, revision, variables)


def _unpack(f: BinaryIO, form: str) -> tuple[Any, ...]:
    return struct.unpack(form, f.read(struct.calcsize(form)))


def _name(f: BinaryIO) -> str:
    (length,) = _unpack(f, "<H")
    raw = f.read(length)
    if len(raw) != length or not raw.endswith(b"\0"):
        raise EOFError
    return raw[:-1].decode("utf-8")
