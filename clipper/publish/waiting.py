"""Waiting for a network that works on a video, and for a post to show up among the latest ones.

In: a look at the network; out: what it saw. All waits go through `Job.pause`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from clipper.publish.base import Job
from clipper.publish.errors import Later

Seen = TypeVar("Seen")

FIRST, MOST = 2.0, 30.0  # seconds between two looks: at first, and at most
WITHIN = 900.0  # seconds after which it is left for another run
BEGAN, SENT = "began", "sent"  # steps: a try began; the request that makes the post went out


def until(
    job: Job, look: Callable[[], Seen | None], what: str, *, within: float = WITHIN, first: float = FIRST
) -> Seen:
    """What `look` sees, asked again until it is not None.

    Args:
        what: for the message: "X still works on the video".
        within: seconds; a network that needs longer is left for another run, which goes on there.

    Raises:
        Later: it takes longer.
    """
    waited, pause = 0.0, first
    while (seen := look()) is None:
        if waited >= within:
            raise Later(what)
        job.pause(pause)
        waited += pause
        pause = min(pause * 1.5, MOST)
    return seen


def begin(job: Job) -> None:
    """Keeps that a try begins: from now on, what the steps do not say did not happen."""
    if job.steps.get(BEGAN) is None:
        job.steps.put(BEGAN, time.time())


def forgotten(job: Job) -> bool:
    """Whether there may have been a try whose steps are lost, as with a ledger that was put back from its backup."""
    return job.steps.get(BEGAN) is None


def sending(job: Job) -> None:
    """Keeps that the request which makes the post goes out now."""
    job.steps.put(SENT, time.time())


def was_sent(job: Job) -> bool:
    """Whether the request that makes the post went out once."""
    return job.steps.get(SENT) is not None


def settle(job: Job, seconds: float) -> None:
    """Waits until `seconds` after that request, so that a post which it made is among the latest ones."""
    sent = job.steps.get(SENT)
    left = seconds - (time.time() - sent) if isinstance(sent, int | float) else 0.0
    if left > 0:
        job.pause(min(left, seconds))
