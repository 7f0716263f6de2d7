"""/api/plan and what is done to it. In: edits; out: the plan as it is on disk afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from clipper.batch.wishes import show_of
from clipper.errors import InputError
from clipper.studio.answering import plan_answer, transcript_answer
from clipper.studio.answers import ConflictAnswer, Overview, PlanAnswer, TranscriptAnswer
from clipper.studio.asked import ClipId
from clipper.studio.asked_all import Asked
from clipper.studio.overview import overview
from clipper.studio.parts import OneBench

router = APIRouter(prefix="/api", tags=["plan"])
Version = Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$", description="Of the plan that the page shows.")]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EditBody(_Body):
    """One edit, of the plan of that version; `force` does it though the same thing was changed elsewhere."""

    version: Version
    edit: Asked
    force: bool = False


class TurnBody(_Body):
    """Undo or redo; `force` does it though the same thing was changed elsewhere since."""

    force: bool = False


class MoreBody(_Body):
    """More clips like one, or another one of the same part of the episode."""

    clip: ClipId
    kind: Literal["like", "part"] = "like"


class SourceBody(_Body):
    """Where the episode's sound lies now, a path on this machine."""

    path: Annotated[str, Field(min_length=1, max_length=2000)]
    force: bool = False


@router.get("/plan")
def get_plan(bench: OneBench) -> PlanAnswer:
    """The plan as it is on disk now."""
    return plan_answer(bench.desk, bench.desk.state())


@router.post("/edits", responses={409: {"model": ConflictAnswer}})
def edit(body: EditBody, bench: OneBench) -> PlanAnswer:
    """Does one edit; it is saved when the answer comes."""
    asked = body.edit
    state = bench.desk.edit(
        body.version, asked.do, asked.clip, asked.apply, asked.touched, force=body.force
    )  # fmt: skip
    return plan_answer(bench.desk, state)


@router.post("/undo")
def undo(body: TurnBody, bench: OneBench) -> PlanAnswer:
    """Takes the last edit back."""
    return plan_answer(bench.desk, bench.desk.turn(back=True, force=body.force))


@router.post("/redo")
def redo(body: TurnBody, bench: OneBench) -> PlanAnswer:
    """Does again what was taken back last."""
    return plan_answer(bench.desk, bench.desk.turn(back=False, force=body.force))


@router.post("/restore")
def restore(bench: OneBench) -> PlanAnswer:
    """Puts the last plan that could be read in the place of one that cannot."""
    return plan_answer(bench.desk, bench.desk.restore())


@router.post("/more")
def more(body: MoreBody, bench: OneBench) -> PlanAnswer:
    """Looks for further clips and puts them into the plan."""
    from clipper.batch.band import lengths
    from clipper.batch.further import Further
    from clipper.highlights.model import Settings

    desk = bench.desk
    with desk.lock:
        state = desk.state()
        if state.problem is not None:
            raise InputError(state.problem.message, state.problem.mend)
        ours = show_of(state.plan.episode, desk.out).settings
        shortest, longest = lengths(None, None, (), (ours.min, ours.max))
        finder = Further(desk.out, desk.transcript, Settings(shortest=shortest, longest=longest))
        finder.add(state.plan, body.clip, body.kind)
        return plan_answer(desk, desk.adopt("more", body.clip, state.plan))


@router.get("/transcript", response_model=TranscriptAnswer)
def transcript(bench: OneBench) -> Response:
    """All words of the episode."""
    # some 40,000 words: written once, without the checks of a way back
    return Response(transcript_answer(bench.desk).model_dump_json(), media_type="application/json")


@router.get("/overview")
def get_overview(bench: OneBench) -> Overview:
    """What lies where in the episode."""
    return overview(bench.desk)


@router.post("/source")
def source(body: SourceBody, bench: OneBench) -> PlanAnswer:
    """Says where the episode's sound lies now; it must be the same sound unless `force` says otherwise."""
    from clipper.studio.moved import moved

    path = Path(body.path).expanduser()
    return plan_answer(bench.desk, moved(bench.desk, path, force=body.force))
