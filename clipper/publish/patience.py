"""How often and how long to try again. In: what the server asked for; out: turns, with waits between them.

A wait doubles from one turn to the next, with a little chance in it so that many programs do not come back at once; a
server's Retry-After goes before that. All waits of a run together stay within a budget.
"""

from __future__ import annotations

import email.utils
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass
class Patience:
    """Attributes:
    tries: of one request, at most.
    budget: seconds of waiting in all; it is used up by every request that shares this object.
    first: seconds of the first wait.
    sleep: waits; tests give one that does not.
    """

    tries: int = 5
    budget: float = 300.0
    first: float = 1.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def turns(self) -> Iterator[Turn]:
        """One turn a try."""
        for number in range(self.tries):
            yield Turn(self, number)

    def wait(self, seconds: float) -> bool:
        """Waits, if the budget allows it; False, at once, if not."""
        if seconds > self.budget:
            return False
        self.budget -= seconds
        self.sleep(seconds)
        return True


@dataclass(frozen=True)
class Turn:
    """One try of a request; `number` from 0."""

    patience: Patience
    number: int

    @property
    def last(self) -> bool:
        return self.number + 1 >= self.patience.tries

    def wait(self, asked: float | None) -> bool:
        """Waits as long as was asked, or as is usual after this many tries; False where the budget is used up."""
        usual = self.patience.first * 2**self.number * random.uniform(1.0, 1.25)
        return self.patience.wait(max(asked, 0.05) if asked is not None else usual)


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait; None where it does not say.

    Dates and clock times are compared with the server's own clock (its Date), since this machine's may be wrong.

    Source: RFC 9110, section 10.2.3 (Retry-After); the RateLimit-Reset that Bluesky, Mastodon and X send.
    """
    now = moment(headers.get("date", "")) or time.time()
    said = headers.get("retry-after", "").strip()
    if said.isdecimal() and len(said) < 9:
        return float(said)
    at = moment(said)
    if at is None:
        for name in ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"):
            value = headers.get(name, "").strip()
            if value.isdecimal() and len(value) < 12:
                # seconds from now, or a moment in seconds since 1970
                at = now + int(value) if int(value) < 10_000_000 else float(value)
            elif value:
                at = _iso(value)
            if at is not None:
                break
    return None if at is None else max(0.0, at - now)


def moment(text: str) -> float | None:
    """Seconds since 1970 of a date as HTTP writes it; None where it is none."""
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(text: str) -> float | None:
    import datetime

    try:
        return datetime.datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
