"""What every answer of the API may need, and how a request gets at it. In: a request; out: its episode, the works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from clipper.studio.events import Events
from clipper.studio.guard import Door
from clipper.studio.shelf import Bench, Shelf
from clipper.studio.work import Works

EpisodeKey = Annotated[str, Query(pattern=r"^[0-9a-f]{0,10}$", description="The episode's key; the only one without.")]


@dataclass(frozen=True, slots=True)
class Parts:
    """The studio's parts."""

    shelf: Shelf
    works: Works
    events: Events
    door: Door

    def bench(self, request: Request) -> Bench:
        """The episode that a request is about."""
        return self.shelf.bench(request.query_params.get("episode", ""))


def parts(request: Request) -> Parts:
    """The studio's parts, for a request."""
    found: Parts = request.app.state.parts
    return found


def bench(request: Request, episode: EpisodeKey = "") -> Bench:
    """The episode that a request is about.

    Raises:
        UsageError: there is no such episode.
    """
    return parts(request).shelf.bench(episode)


AllParts = Annotated[Parts, Depends(parts)]
OneBench = Annotated[Bench, Depends(bench)]
