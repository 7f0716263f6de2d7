"""OUT/candidates.json: what the signals said of each clip of a plan, kept for `clipper learn`. In: candidates, a plan;
out: a row for each clip.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clipper import cache
from clipper.errors import InputError
from clipper.plan.model import Clip, Plan
from clipper.span import Span

if TYPE_CHECKING:
    from clipper.highlights.model import Candidate, Findings

NAME = "candidates.json"
SCHEMA = 1
LARGEST = 20_000_000  # bytes; a plan of a thousand clips has four million
SAME = 0.5  # of the shorter one: from here on a clip and a candidate are the same passage

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(_Frozen):
    """One clip of the plan as the signals measured it.

    Attributes:
        start, end: of the candidate, in seconds.
        signals: by name the value in the signal's unit, and how far it is from what is usual in this episode, in
            spreads; a signal that found nothing unusual is left out.
    """

    start: float
    end: float
    signals: dict[str, tuple[Number, Number]]

    @property
    def standard(self) -> dict[str, float]:
        """How far each signal is from what is usual in the episode, in spreads."""
        return {name: away for name, (_, away) in self.signals.items()}


class Measured(_Frozen):
    """The file: rows by the id of their clip."""

    schema_number: Literal[1] = Field(default=1, alias="schema")
    clips: dict[str, Row] = {}


def read_measured(folder: Path) -> Measured:
    """What is kept in `folder`.

    Raises:
        InputError: no such file, or not what this clipper writes.
    """
    path = folder / NAME
    mend = "clipper find EPISODE -o OUT writes it anew; what you decided stays"
    try:
        with path.open("rb") as f:
            raw = f.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise InputError(f"{path} is larger than {LARGEST} bytes", mend)
        return Measured.model_validate_json(raw)
    except FileNotFoundError as error:
        raise InputError(f"there is no {NAME} in {folder}", mend) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path} cannot be used: {where} {first['msg']}", mend) from error


def write_measured(folder: Path, plan: Plan, findings: Findings) -> None:
    """Keeps a row for each clip of the plan; the row of a clip that was not found this time stays.

    Raises:
        MissingError: the folder cannot be written.
    """
    before: Mapping[str, Row] = {}
    with suppress(InputError):  # the first time, or spoilt: written anew
        before = read_measured(folder).clips
    rows: dict[str, Row] = {}
    for clip in plan.clips:
        row = _row(clip, findings.candidates, before.get(clip.id))
        if row is not None:
            rows[clip.id] = row
    text = _text(rows)
    path = folder / NAME
    if not path.is_file() or path.read_bytes() != text.encode():
        cache.write_text(path, text)


def _row(clip: Clip, candidates: tuple[Candidate, ...], before: Row | None) -> Row | None:
    """The row of the candidate that the clip was, else the one it had, else that of a candidate on its passage."""
    if clip.trailer:
        return None
    near = [(c.span.overlap(clip.proposed), c) for c in candidates]
    fitting = [(o, c) for o, c in near if o > SAME * min(c.span.seconds, clip.proposed.seconds)]
    best = max(fitting, key=lambda pair: pair[0], default=None)
    if before is not None and (best is None or not _same(best[1].span, clip.proposed)):
        return before
    if best is None:
        return None
    candidate = best[1]
    return Row(
        start=candidate.span.start,
        end=candidate.span.end,
        signals={p.signal: (p.value, p.standard) for p in candidate.parts if p.standard},
    )


def _same(span: Span, proposed: Span) -> bool:
    return abs(span.start - proposed.start) < 0.02 and abs(span.end - proposed.end) < 0.02


def _text(rows: Mapping[str, Row]) -> str:
    """One line a clip, so that a difference can be read."""
    lines = [
        f"  {json.dumps(name)}: {json.dumps(row.model_dump(mode='json'), sort_keys=True, separators=(',', ':'))}"
        for name, row in rows.items()
    ]
    body = "{\n" + ",\n".join(lines) + "\n }" if lines else "{}"
    return f'{{"schema": {SCHEMA},\n "clips": {body}}}\n'
