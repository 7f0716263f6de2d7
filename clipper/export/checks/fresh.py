"""The verdicts on a file that was made a moment ago: the same checks, on what is known of it already.

In: a file under its temporary name, and what was noticed while it was made; out: verdicts. Where packets of the file
are others than those that were watched, and where the encoder kept them to itself, all of it is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.export.checks.closely import Closely
from clipper.export.checks.judging import verdicts
from clipper.export.checks.look import look
from clipper.export.checks.model import Edges, Facts, Ink, Verdict, Wanted
from clipper.export.checks.source import source_of
from clipper.picture.captions import Group
from clipper.picture.scene import Scene
from clipper.sound.recipe import Recipe

if TYPE_CHECKING:
    from clipper.export.checks.watching import Watched


@dataclass(frozen=True)
class Known:
    """What is known of a file before it is looked at.

    Attributes:
        recipe: of its sound; `wanted.sound` is how that was heard.
        scene: that it shows; nobody else draws it any more.
        groups: its captions.
        cut: how its edges lie in the words; `by_hand`: which of them the producer put there.
        inks: where ink lies over the whole clip.
        watched: what was noticed while its pictures were encoded; None where nobody watched.
    """

    wanted: Wanted
    recipe: Recipe
    scene: Scene
    groups: Sequence[Group]
    cut: Edges
    by_hand: tuple[bool, bool]
    inks: Callable[[], Sequence[Ink]]
    watched: Callable[[], Watched] | None = None


def check(path: Path, known: Known) -> list[Verdict]:
    """What every check says of it.

    Raises:
        InputError: it cannot be opened.
    """
    wanted, groups = known.wanted, tuple(known.groups)
    closely = Closely(known.scene, groups)
    found, seen, sound = look(path, pictures="none", sound=False)
    watched = known.watched() if known.watched is not None else None
    if watched is not None and watched.packets == found.video_packets:
        seen = watched.seen(closely)
    heard = wanted.sound
    again = heard is None or heard.packets != found.audio_packets
    if seen is None or again:
        _, looked, sound = look(path, pictures="none" if seen else "all", sound=again, closely=closely)
        seen = seen or looked
    if heard is not None and not again and seen is not None:
        seen = replace(seen, broken=seen.broken + heard.broken)
    loud = sound.loudness if sound is not None else heard.loudness if heard is not None else None
    facts = Facts(
        found, wanted, seen=seen, sound=sound, loudness=loud, edges=known.cut, by_hand=known.by_hand, groups=groups,
        inks=tuple(known.inks()), source=source_of(known.recipe),
        matches=heard.matches if heard is not None and sound is None else None, current=True,
    )  # fmt: skip
    return verdicts(facts)
