"""Picture and sound begin and end together, and pictures come evenly. In: `Facts`; out: `Verdict`s."""

from __future__ import annotations

from clipper.export.checks.limits import limit
from clipper.export.checks.model import Facts, Verdict
from clipper.picture import rate

AGAIN = "render it again: clipper render OUT"


def starts(facts: Facts) -> list[Verdict]:
    """Both begin at 0."""
    one, most = facts.container, limit("start")
    good = abs(one.video_start) <= most.value and abs(one.audio_start) <= most.value
    measured = f"{one.video_start:.3f} s, {one.audio_start:.3f} s"
    return [Verdict("start", measured, "both 0", good, most.source, AGAIN)]


def ends(facts: Facts) -> list[Verdict]:
    """Both end where the clip ends."""
    one, most, seconds = facts.container, limit("apart"), facts.wanted.seconds
    off = max(abs(one.video_seconds - seconds), abs(one.audio_seconds - seconds))
    return [
        Verdict(
            "end",
            f"{one.video_seconds:.3f} s, {one.audio_seconds:.3f} s",
            f"{seconds:.3f} s within {most.value:g}",
            off < most.value,
            most.source,
            AGAIN,
        )
    ]


def frames(facts: Facts) -> list[Verdict]:
    """No picture is missing, the rate is what it should be and constant."""
    one, wanted, most = facts.container, facts.wanted, limit("jitter")
    exact = rate.exact(wanted.fps)
    out = [
        Verdict("frames", str(one.frames), str(wanted.frames), one.frames == wanted.frames, "the plan's length", AGAIN)
    ]
    worst, at = 0.0, 0.0
    for number, time in enumerate(one.video_times):
        late = abs(time - one.video_times[0] - float(number / exact))
        if late > worst:
            worst, at = late, time
    even = worst <= most.value
    out.append(
        Verdict(
            "frame rate",
            f"{one.fps:.5g}, constant"
            if even
            else f"{one.fps:.5g}, not constant: {worst * 1000:.0f} ms off at {at:.2f} s",
            f"{wanted.fps:.5g}, constant",
            even and abs(one.fps - wanted.fps) < 0.01,
            most.source,
            AGAIN,
        )
    )
    return out
