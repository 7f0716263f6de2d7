"""What a producer's choices say about the weights. In: choices with what the signals measured; out: `Learnt`. Pure.

Picks are compared with what was left in the same episode. First a randomisation test says which signals tell the two
apart more than chance would; only those then move, by a logistic regression that is drawn to the shipped weights. So
what is told is all that is done, and choices that follow no signal change nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clipper.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clipper.highlights.talk import Floats

TINY = 1e-9
SEED = 0  # of the shuffling: the same choices teach the same


@dataclass(frozen=True, slots=True)
class Choice:
    """One clip that a producer decided on.

    Attributes:
        episode: any name; only clips of the same are compared.
        picked: or left.
        standard: by signal, how far the clip was from what is usual in its episode, in spreads; 0 if not named.
    """

    episode: str
    picked: bool
    standard: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One signal that the producer goes by.

    Attributes:
        sure: one less the chance that any signal would look like this if the picks followed none; 0 to 1.
        before, after: the weight as shipped, and as learnt.
    """

    signal: str
    sure: float
    before: float
    after: float

    @property
    def words(self) -> str:
        """Such as "your show prefers stories (98 in 100 sure)"."""
        verb = "prefers" if self.after > self.before else "avoids"
        phrase = _settings()["phrases"].get(self.signal, self.signal.replace("_", " "))
        how = "more than 99" if self.sure > 0.99 else f"{self.sure * 100:.0f}"
        return f"your show {verb} {phrase} ({how} in 100 sure)"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the choices taught.

    Attributes:
        choices, picked, episodes: those that could be compared.
        lessons: surest first; empty where nothing is sure.
        held_out: the share of pairs (one picked, one left, in an episode that was left out of the learning) that the
            shipped and the learnt weights put in the producer's order.
    """

    choices: int
    picked: int
    episodes: int
    lessons: tuple[Lesson, ...] = ()
    held_out: tuple[float, float] = (0.0, 0.0)

    @property
    def weights(self) -> dict[str, float]:
        """The weights that moved."""
        return {lesson.signal: lesson.after for lesson in self.lessons}


def learn(choices: Sequence[Choice], prior: Mapping[str, float], signals: Sequence[str]) -> Learnt:
    """What a producer's choices say about the weights.

    Args:
        choices: of as many episodes as there are.
        prior: the weights as they are; a signal that is not named has 0.
        signals: the names of those that may move.

    Raises:
        InputError: fewer choices than can teach anything.

    Source: randomisation test with the maximum over signals: Westfall & Young, Resampling-Based Multiple Testing
    (1993); comparisons within an episode: conditional logistic regression, taken pair by pair.
    """
    table = _Table.of(choices, signals, prior)
    least = int(_settings()["least_choices"])
    if len(table) < least:
        apart = len(choices) - len(table)
        why = f": in the episodes of {apart} others everything was picked or everything left" if apart else ""
        many = f"{len(table)} choices that can be compared{why}; {least} are needed to learn anything"
        raise InputError(
            many if len(choices) >= least else f"{len(choices)} choices are too few to learn from, {least} are needed",
            "go through more episodes with clipper pick, taking some clips and leaving others",
        )
    weights, sure = _fitted(table)
    moved = np.flatnonzero(weights != table.prior)
    lessons = tuple(
        Lesson(table.names[k], float(sure[k]), float(table.prior[k]), round(float(weights[k]), 3))
        for k in sorted(moved, key=lambda k: (-sure[k], table.names[k]))
    )
    held_out = _held_out(table) if lessons else (0.0, 0.0)
    return Learnt(len(table), int(table.picked.sum()), len(table.parts()), lessons, held_out)


@dataclass(frozen=True, slots=True)
class _Table:
    """Choices as arrays: values (n, signals), picked (n,), the number of the episode (n,); the prior (signals,)."""

    names: tuple[str, ...]
    prior: Floats
    values: Floats
    picked: NDArray[np.bool_]
    episode: NDArray[np.int64]

    @classmethod
    def of(cls, choices: Sequence[Choice], signals: Sequence[str], prior: Mapping[str, float]) -> _Table:
        """The choices of episodes that have both picked and left ones."""
        both = {c.episode for c in choices if c.picked} & {c.episode for c in choices if not c.picked}
        used = [c for c in choices if c.episode in both]
        number = {name: k for k, name in enumerate(sorted(both))}
        names = tuple(sorted(signals))
        values = np.array([[c.standard.get(name, 0.0) for name in names] for c in used], dtype=float)
        return cls(
            names,
            np.array([prior.get(name, 0.0) for name in names]),
            np.clip(values.reshape(len(used), len(names)), -3.0, 3.0),
            np.array([c.picked for c in used], dtype=bool),
            np.array([number[c.episode] for c in used], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.picked)

    def parts(self) -> list[NDArray[np.int64]]:
        """The rows of each episode."""
        return [np.flatnonzero(self.episode == k) for k in np.unique(self.episode)]

    def only(self, rows: NDArray[np.bool_]) -> _Table:
        return _Table(self.names, self.prior, self.values[rows], self.picked[rows], self.episode[rows])

    def pairs(self) -> tuple[Floats, Floats]:
        """Picked less left within each episode, (pairs, signals), and how much each pair counts, (pairs,).

        With p picked and l left in an episode each of the p * l pairs counts 2 / (p + l): together the harmonic mean
        of p and l, as no choice says more for being compared with many.
        """
        rows, counts = [np.zeros((0, len(self.names)))], [np.zeros(0)]
        for part in self.parts():
            yes, no = part[self.picked[part]], part[~self.picked[part]]
            rows.append((self.values[yes][:, None] - self.values[no][None]).reshape(-1, len(self.names)))
            counts.append(np.full(len(yes) * len(no), 2.0 / len(part)))
        return np.concatenate(rows), np.concatenate(counts)


def _fitted(table: _Table) -> tuple[Floats, Floats]:
    """Weights, and how sure each signal is, shape (signals,) both; the prior where nothing is sure."""
    settings = _settings()
    sure = _sureness(table, int(settings["shuffles"]))
    moving = sure >= settings["perhaps"]
    weights = table.prior.copy()
    if not (sure >= settings["sure"]).any():
        return weights, sure
    difference, counts = table.pairs()
    weights[moving] += _regression(difference[:, moving], difference @ table.prior, counts, float(settings["reach"]))
    return weights, sure


def _sureness(table: _Table, shuffles: int) -> Floats:
    """How seldom shuffled choices set any signal as far apart as this one, shape (signals,)."""
    chance = np.random.default_rng(SEED)
    observed = np.zeros(len(table.names))
    shuffled = np.zeros((shuffles, len(table.names)))
    for part in table.parts():
        values, picked = table.values[part], table.picked[part]
        n, p = len(part), int(picked.sum())
        # p(n-p)/n times the difference of the means is the sum over the picked less its expectation
        expected = values.sum(axis=0) * p / n
        observed += values[picked].sum(axis=0) - expected
        drawn = np.argsort(chance.random((shuffles, n)), axis=1)[:, :p]
        shuffled += values[drawn].sum(axis=1) - expected
    spread = shuffled.std(axis=0)
    varies = spread > TINY
    far = np.where(varies, np.abs(observed) / np.maximum(spread, TINY), 0.0)
    furthest = np.where(varies, np.abs(shuffled) / np.maximum(spread, TINY), 0.0).max(axis=1, initial=0.0)
    as_far = (furthest[:, None] >= far[None] - TINY).sum(axis=0)
    return np.asarray(1.0 - (1 + as_far) / (1 + shuffles))


def _regression(difference: Floats, offset: Floats, counts: Floats, reach: float) -> Floats:
    """By how much weights move: logistic regression on differences, with a normal prior of spread `reach` around 0.

    Args:
        difference: (pairs, moving signals).
        offset: what the prior weights already say of each pair, (pairs,).
        counts: of each pair.
    """
    import torch

    d, o, c = (torch.as_tensor(np.ascontiguousarray(x), dtype=torch.float64) for x in (difference, offset, counts))
    move = torch.zeros(difference.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([move], max_iter=200, tolerance_grad=1e-9, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = (c * torch.nn.functional.softplus(-(o + d @ move))).sum() + (move**2).sum() / (2 * reach**2)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return np.asarray(move.detach().numpy(), dtype=float)


def _held_out(table: _Table) -> tuple[float, float]:
    """The share of pairs in the producer's order by the prior and by what is learnt without their episode."""
    right, total = np.zeros(2), 0.0
    for number in np.unique(table.episode):
        out = table.episode == number
        weights, _ = _fitted(table.only(~out))
        difference, counts = table.only(out).pairs()
        for k, w in enumerate((table.prior, weights)):
            ahead = difference @ w
            right[k] += float((counts * ((ahead > TINY) + 0.5 * (np.abs(ahead) <= TINY))).sum())
        total += float(counts.sum())
    return float(right[0] / total), float(right[1] / total)


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
