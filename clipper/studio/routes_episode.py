"""The session, the list of episodes, what there is to choose from. In: nothing much; out: what a page starts from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from clipper import __version__, platforms
from clipper.errors import ClipperError
from clipper.plan import store
from clipper.plan.model import Plan
from clipper.studio.parts import AllParts
from clipper.studio.shelf import Shelf

router = APIRouter(prefix="/api", tags=["studio"])


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlatformAnswer(_Answer):
    """A platform as the page names it; `veil`: it covers parts of a vertical picture."""

    name: str
    label: str
    veil: bool


class TemplateAnswer(_Answer):
    """A look that can be chosen."""

    name: str
    description: str


class Session(_Answer):
    """What a page starts from.

    Attributes:
        csrf: to be sent as the header X-Clipper with whatever changes something.
        many: there is a list of episodes.
        fresh: the episode is still being worked on for the first time.
    """

    csrf: str
    version: str
    many: bool
    fresh: bool
    platforms: tuple[PlatformAnswer, ...]
    templates: tuple[TemplateAnswer, ...]


class EpisodeAnswer(_Answer):
    """An episode of the folder."""

    key: str
    folder: str
    show: str | None
    number: int | None
    title: str | None
    clips: int
    kept: int
    undecided: int
    problem: str


@router.get("/session")
def session(parts: AllParts) -> Session:
    """What a page starts from."""
    known = [platforms.platform(n) for n in platforms.names()]
    fresh = parts.shelf.fresh is not None and not store.exists(parts.shelf.root)
    return Session(
        csrf=parts.door.csrf,
        version=__version__,
        many=parts.shelf.many,
        fresh=fresh,
        platforms=tuple(PlatformAnswer(name=p.name, label=p.label, veil=p.safe is not None) for p in known),
        templates=templates(),
    )


@cache
def templates() -> tuple[TemplateAnswer, ...]:
    """The templates that came along."""
    from clipper.picture.template import load, names

    return tuple(TemplateAnswer(name=n, description=load(n).description) for n in names())


@router.get("/episodes")
def episodes(parts: AllParts) -> tuple[EpisodeAnswer, ...]:
    """All episodes, by folder."""
    parts.shelf.look_again()
    return tuple(_row(parts.shelf, key, folder) for key, folder in parts.shelf.outs.items())


def _row(shelf: Shelf, key: str, folder: Path) -> EpisodeAnswer:
    plan, problem = Plan(), ""
    try:
        plan = store.load(folder) if store.exists(folder) else plan
    except ClipperError:  # an edge given in words needs the transcript: read as when it is opened
        try:
            state = shelf.bench(key).desk.state()
            plan, problem = state.plan, state.problem.message if state.problem else ""
        except ClipperError as error:
            problem = error.message
    picked = [c.picked for c in plan.clips]
    return EpisodeAnswer(
        key=key, folder=folder.name, show=plan.show, number=plan.number, title=plan.title, problem=problem,
        clips=len(picked), kept=picked.count(True), undecided=picked.count(None),
    )  # fmt: skip
