"""How many processors this process may use, and how its threads wait for one another."""

from __future__ import annotations

import os


def processors() -> int:
    """At least 1; what the system lets this process use, where it says so, else all."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def wait_politely() -> None:
    """Lets the engines' threads sleep while they wait, instead of spinning; to be called before anything of an engine
    is imported (faster-whisper imports CTranslate2, and that PyTorch where it is installed).

    On two cores that three other programs were busy on, openai-whisper took 20 s this way for what took it 110 s
    (28 s of speech). What the user set stays.

    Source: OpenMP 5.0, section 6.7, OMP_WAIT_POLICY; read by libgomp, which both engines bring, when it is loaded.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
