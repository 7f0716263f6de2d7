"""What a finished file must be, one file a subject; each check takes `Facts` and gives verdicts.

In: a path and what is wanted, or `Facts`; out: `Verdict`s. A check of your own: write it, add it to CHECKS, and let
tests/checks show that it catches its fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from clipper.export.checks import captions, container, edges, fit, level, likeness, picture, planned, text, together
from clipper.export.checks.look import hear, look
from clipper.export.checks.model import Container, Edges, Facts, Heard, Verdict, Wanted
from clipper.picture.captions import Group

Check = Callable[[Facts], list[Verdict]]

CHECKS: tuple[Check, ...] = (
    planned.current,
    edges.opening, edges.ending,
    likeness.sound, level.loudness,
    together.starts, together.ends, together.frames,
    picture.whole, picture.light, picture.movement,
    text.boxes, text.buttons, text.contrast, text.as_drawn,
    captions.valid, captions.in_step, captions.on_time, captions.reading,
    container.size, container.codecs, container.groups, container.index,
    fit.platforms,
)  # fmt: skip

__all__ = ["CHECKS", "Check", "Container", "Facts", "Heard", "Verdict", "Wanted", "check", "hear", "verdicts"]


def verdicts(facts: Facts) -> list[Verdict]:
    """What every check says of these facts."""
    return [verdict for one in CHECKS for verdict in one(facts)]


def check(
    path: Path,
    wanted: Wanted,
    *,
    cut: Edges | None = None,
    by_hand: tuple[bool, bool] = (False, False),
    groups: Sequence[Group] | None = None,
) -> list[Verdict]:
    """The verdicts on a file that was made just now: what is known of it is not decoded again.

    Args:
        cut: how its edges lie in the words; `by_hand`: which of them the producer put there.
        groups: its captions.

    The pictures came from the scene and went through an encoder that says what it cannot do, so only its key pictures
    are looked at; the sound was measured as the track that the file holds, packet for packet.
    """
    known = wanted.sound
    found, seen, sound = look(path, pictures="keys", sound=known is None)
    if known is not None and known.packets != found.audio_packets:
        _, _, sound = look(path, pictures="none", sound=True)
    loud = known.loudness if sound is None and known is not None else sound.loudness if sound else None
    shown = None if groups is None else tuple(groups)
    return verdicts(
        Facts(found, wanted, seen=seen, sound=sound, loudness=loud, edges=cut, by_hand=by_hand, groups=shown)
    )
