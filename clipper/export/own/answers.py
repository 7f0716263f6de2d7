"""What a guest saved on the review page. In: a file of anybody's; out: an `Answer`, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from clipper.errors import InputError, one_line

LARGEST = 1_000_000  # bytes


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClipAnswer(_Frozen):
    """The word on one clip; null: left open."""

    id: Annotated[str, StringConstraints(max_length=40)]
    content: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    answer: Literal["yes", "no"] | None
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class Answer(_Frozen):
    """A guest's answer to a plan."""

    schema_number: Literal[1] = Field(alias="schema")
    plan: Annotated[str, StringConstraints(max_length=100)]
    by: Annotated[str, StringConstraints(max_length=200)] = ""
    clips: Annotated[tuple[ClipAnswer, ...], Field(max_length=1000)]


def read_answer(path: Path) -> Answer:
    """The answer in a file.

    Raises:
        InputError: it is not one.
    """
    mend = "ask for the file answer.json that the review page saved"
    try:
        with path.open("rb") as f:
            raw = f.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", mend) from error
    if len(raw) > LARGEST:
        raise InputError(f"{path} is larger than an answer can be", mend)
    try:
        return Answer.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"{path} is no answer: {one_line(where, 60)}: {first['msg']}", mend) from error
