"""Which bullet is talked about when, all bullets together. In: evidence; out: probabilities (bullets, stretches).

A hidden Markov model whose states are the bullets, once with the page's order and once without any. How well each of
the two
explains the evidence decides how much each of them counts: order helps, it does not decide.
"""

from __future__ import annotations

import numpy as np

from clipper.highlights.talk import Floats

TRUST = 0.92  # belief, before looking, that a page's bullets stand in the order of the talk
TEMPER = 0.3  # neighbouring stretches share their words: the difference of evidence counts only so much
SKIP = 0.05  # that an ordered page names something that is not talked about


def assign(evidence: Floats) -> tuple[Floats, float]:
    """The probability of each bullet in each stretch, shape (bullets, stretches), and the belief in the page's
    order.
    """
    k, n = evidence.shape
    if k == 1:
        # one bullet alone shares the time with talk of something else
        both = np.array([[0.9, 0.1], [0.1, 0.9]])
        alone, _ = posterior(np.vstack([evidence, np.zeros((1, n))]), np.full(2, 0.5), both, np.ones(2))
        return alone[:1], 1.0
    leave = min(0.9, k / n)
    ahead = np.array([[SKIP ** (j - i - 1) if j > i else 0.0 for j in range(k)] for i in range(k)])
    # leaving costs the same wherever it leads; otherwise the many ways of an unordered page would count against it
    ordered = np.eye(k) * (1 - leave) + leave * ahead
    start = np.asarray(SKIP ** np.arange(k), dtype=np.float64)
    in_order, fit = posterior(evidence, start / start.sum(), ordered, start[::-1])
    free = np.eye(k) * (1 - leave) + leave * (1 - np.eye(k)) / (k - 1)
    any_order, free_fit = posterior(evidence, np.full(k, 1 / k), free, np.ones(k))
    odds = np.log(TRUST / (1 - TRUST)) + TEMPER * (fit - free_fit)
    belief = float(1 / (1 + np.exp(-np.clip(odds, -50, 50))))
    return belief * in_order + (1 - belief) * any_order, belief


def posterior(evidence: Floats, start: Floats, move: Floats, end: Floats) -> tuple[Floats, float]:
    """Forward-backward. Source: Rabiner 1989, section III; scaled at each step.

    Args:
        evidence: log-likelihood of each state in each stretch, shape (k, n).
        start, end: weight of beginning and ending in each state, shape (k,).
        move: weight of going from state i to state j, shape (k, k).

    Returns:
        The probability of each state in each stretch, shape (k, n), and the log-likelihood of the whole.
    """
    k, n = evidence.shape
    top = evidence.max(axis=0)
    emit = np.exp(evidence - top)
    forward, backward, scale = np.empty((n, k)), np.empty((n, k)), np.empty(n)
    state = start * emit[:, 0]
    for u in range(n):
        if u:
            state = (state @ move) * emit[:, u]
        scale[u] = max(float(state.sum()), 1e-300)
        state = state / scale[u]
        forward[u] = state
    state = end.astype(float)
    total = max(float((forward[-1] * end).sum()), 1e-300)
    for u in range(n - 1, -1, -1):
        backward[u] = state
        state = move @ (emit[:, u] * state)
        state = state / max(float(state.sum()), 1e-300)
    both = forward * backward
    both = both / np.maximum(both.sum(axis=1, keepdims=True), 1e-300)
    return both.T, float(np.log(scale).sum() + top.sum() + np.log(total))
