"""How many processors this process may use."""

from __future__ import annotations

import os


def processors() -> int:
    """At least 1; what the system lets this process use, where it says so, else all."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
