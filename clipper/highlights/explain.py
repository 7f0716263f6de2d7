"""Why a candidate stands where it stands. In: a setting, the values of its signals, the weights; out: every part of
the sum that ordered it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from clipper.highlights.model import Part
from clipper.highlights.select import standard
from clipper.highlights.signals import SIGNALS, Setting
from clipper.highlights.talk import Floats
from clipper.highlights.weights import Weights


class Explainer:
    """The parts of the weighted sum for any run of one episode.

    Args:
        setting: what the signals look at.
        values: of every signal for every run, as `select.measure` gives them.
        weights: those that ordered the runs.
    """

    def __init__(self, setting: Setting, values: Mapping[str, Floats], weights: Weights) -> None:
        self._setting, self._values, self._weights = setting, values, weights
        self._standard = {name: standard(v) for name, v in values.items()}

    def parts(self, k: int, first: int, last: int) -> tuple[Part, ...]:
        """Every signal's part of the score of run `k`, sentences `first` to `last`; what moved it most comes first.

        A signal without a weight is told as well: it may be given one.
        """
        out = [self._part(name, k, first, last) for name in self._values]
        return tuple(sorted(out, key=lambda p: (-abs(p.counts), p.weight == 0.0, -abs(p.standard), p.signal)))

    def _part(self, name: str, k: int, first: int, last: int) -> Part:
        signal, values = SIGNALS[name], self._values[name]
        value, weight = float(values[k]), self._weights.signals.get(name, 0.0)
        away = float(self._standard[name][k])
        return Part(
            signal=name,
            value=_rounded(value),
            unit=signal.unit,
            usual=_rounded(float(values.mean())),
            standard=_rounded(away),
            weight=weight,
            counts=_rounded(weight * away),
            evidence=signal.evidence(self._setting, first, last) if value else "",
        )


def _rounded(value: float) -> float:
    return round(value, 4) + 0.0  # no -0.0
