"""What a producer corrected by hand in a plan, so that the next episode of the show need not be corrected again.

In: a plan, its words, the page; out: heard -> written. A row that was refused stands for itself: as heard is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from clipper.plan.marks import shown
from clipper.speech.names import parted, sounds_alike
from clipper.speech.spelled import PAST, SHOW, YOURS, Spelling

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.plan.model import Clip, Plan
    from clipper.speech.model import Word


def corrections(plan: Plan, words: Sequence[Word], episode: Episode) -> dict[str, str]:
    """Rows of the plan's spelling that a person made, took, changed or refused, and names put right in captions.

    Args:
        words: of the episode, as the plan spells them.
        episode: its page, which says what clipper would have written by itself.
    """
    if plan.as_heard:
        return {}
    page = _page(episode)
    found: dict[str, str] = {}
    for clip in plan.clips:
        found.update(_in_captions(clip, words))
    for row in plan.spelling:
        decided = _decided(row, page)
        if decided is not None:
            found[row.heard] = decided
    return found


def _decided(row: Spelling, page: str) -> str | None:
    """What a person said of a row; None where nobody touched it, or clipper.toml says it already."""
    if row.where == SHOW:
        return None
    if not row.applied:
        return row.heard if row.certain else None
    by_hand = row.where in (YOURS, PAST) or not row.certain or row.written.casefold() not in page
    return row.written if by_hand else None


def _page(episode: Episode) -> str:
    parts = (
        episode.show, episode.title, episode.description, *episode.guests, *episode.hosts, *episode.topics,
        *(link.label for link in episode.links), *(c.title for c in episode.chapters),
    )  # fmt: skip
    return " ".join(" ".join(part.split()) for part in parts if part).casefold()


def _in_captions(clip: Clip, words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Words that the clip's captions write otherwise and that are names by their look and sound: another wording of a
    passage is meant for this clip alone.
    """
    if not clip.captions.strip():
        return
    inside = [w for w in words if clip.span.start <= (w.start + w.end) / 2 < clip.span.end]
    for token in shown(inside, clip.captions):
        written = parted(token.text)[1]
        cores = [parted(w.text)[1] for w in inside[token.first : token.last]]
        heard = " ".join(cores)
        if not heard or heard.casefold() == written.casefold() or not written[:1].isupper():
            continue
        if any(core[:1].isupper() for core in cores) and sounds_alike("".join(cores), written):
            yield heard, written


def merged(before: Mapping[str, str], plans: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """All corrections of a show, and those on which its plans disagree, which are left out.

    >>> merged({"Eefa": "Aoife", "Brian": "Bryan"}, [{"Brian": "Brian"}, {"Sox": "Socks"}, {"Sox": "Sachs"}])
    ({'Eefa': 'Aoife', 'Brian': 'Brian'}, ('Sox',))
    """
    said: dict[str, set[str]] = {}
    for plan in plans:
        for heard, written in plan.items():
            said.setdefault(heard, set()).add(written)
    unlike = tuple(heard for heard, ways in said.items() if len(ways) > 1)
    agreed = {heard: next(iter(ways)) for heard, ways in said.items() if len(ways) == 1}
    kept = {heard: written for heard, written in before.items() if heard not in unlike}
    return {**kept, **agreed}, unlike
