"""The weights of the signals, from a dated TOML file. In: a path (or the shipped file); out: `Weights`."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clipper.errors import InputError
from clipper.show import Show
from clipper.tables import no_such_key

SHIPPED = Path(__file__).resolve().parent / "weights.toml"


class Logistic(BaseModel):
    """A fitted chance: 1 / (1 + exp(-(constant + found * .. + near * .. + mass * ..)))."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    constant: float
    found: float
    near: float
    mass: float

    def at(self, found: float, near: float, mass: float) -> float:
        total = self.constant + self.found * found + self.near * near + self.mass * mass
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


class TopicWeights(BaseModel):
    """How sure a bullet's passage is.

    Attributes:
        talked: the chance that the bullet is talked about at all.
        right: the chance that the passage is the right one.
        least_talked: a bullet below this chance gets no passage.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    talked: Logistic
    right: Logistic
    least_talked: float = Field(ge=0, le=1)


class Weights(BaseModel):
    """`signals`: the weight of each signal by name; what is not named counts nothing. `topics`: of the bullets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signals: dict[str, float]
    topics: TopicWeights


def of_show(show: Show) -> Weights:
    """The weights that hold for a show: the shipped ones, then what was learnt, then its own table [signals].

    Raises:
        InputError: a signal that is not known; file and key are named.
    """
    ours = shipped()
    if not show.signals and not show.learnt:
        return ours
    known = _known()
    if show.path is not None:
        for name in show.signals:
            if name not in known:
                raise no_such_key(show.path, f"signals.{name}", known)
    # a signal that was learnt by another version of clipper is no slip of the producer's
    learnt = {name: weight for name, weight in show.learnt.items() if name in known}
    return ours.model_copy(update={"signals": {**ours.signals, **learnt, **show.signals}})


def _known() -> list[str]:
    from clipper.highlights.signals import SIGNALS

    return sorted(SIGNALS)


@cache
def shipped() -> Weights:
    """The weights that come with clipper."""
    return read(SHIPPED)


def read(path: Path) -> Weights:
    """The weights of a file.

    Raises:
        InputError: no TOML, or a signal or a key that is not known; file and key are named.
    """
    known = _known()
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"the weights in {path} cannot be read: {error}",
            "mend the file, or take it away to use the shipped weights",
        ) from error
    table = data.get("signals")
    if not isinstance(table, dict):
        raise InputError(
            f"{path} has no table [signals]", "write [signals] and under it lines such as: topic = { weight = 1.0 }"
        )
    out: dict[str, float] = {}
    for name, row in table.items():
        if name not in known:
            raise InputError(f"{path}: signals.{name} is no signal that clipper has", f"known are: {', '.join(known)}")
        weight = row.get("weight") if isinstance(row, dict) else row
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not abs(weight) < 1e6:
            raise InputError(
                f"{path}: signals.{name}.weight is not a number", f"write for example: {name} = {{ weight = 0.5 }}"
            )
        out[name] = float(weight)
    if "topics" not in data and path != SHIPPED:
        return Weights(signals=out, topics=shipped().topics)
    try:
        return Weights(signals=out, topics=TopicWeights.model_validate(data.get("topics")))
    except ValidationError as error:
        key = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InputError(
            f"{path}: topics.{key}: {error.errors()[0]['msg']}",
            "write it as in the shipped weights.toml, or leave out [topics]",
        ) from error
