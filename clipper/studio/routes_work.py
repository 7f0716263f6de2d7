"""Long work, what it made, and what happens meanwhile. In: what is to be done; out: `Work`, finished files, events."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from clipper.errors import ClipperError, InputError, MissingError, UsageError
from clipper.plan.model import Plan
from clipper.studio.answers import Made
from clipper.studio.asked import ClipId, find
from clipper.studio.parts import AllParts, EpisodeKey, OneBench
from clipper.studio.shelf import Bench
from clipper.studio.work import Work

router = APIRouter(prefix="/api", tags=["work"])


class RenderBody(BaseModel):
    """Which clips are to be rendered; none named: those that are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clips: Annotated[tuple[ClipId, ...], Field(max_length=1000)] = ()
    quality: Annotated[str | None, Field(pattern=r"^(draft|good|best)$")] = None


class RevealBody(BaseModel):
    """The clip whose folder is to be shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clip: ClipId


class Ok(BaseModel):
    """It was done."""

    done: bool = True


@router.get("/work")
def all_work(parts: AllParts) -> tuple[Work, ...]:
    """What is being done, what waits, what was done."""
    return parts.works.all()


@router.post("/render", status_code=202)
def render(body: RenderBody, bench: OneBench, parts: AllParts) -> Work:
    """Begins to render clips in the background."""
    state = bench.desk.state()
    if state.problem is not None:
        raise InputError(state.problem.message, state.problem.mend)
    for name in body.clips:
        find(state.plan, name)
    chosen = body.clips or tuple(c.id for c in state.plan.clips if c.picked)
    if not chosen:
        raise UsageError("no clip is kept yet", "keep one first")
    task = {"out": str(bench.desk.out), "only": list(chosen), "quality": body.quality}
    return parts.works.begin("render", bench.key, task, chosen)


@router.delete("/work/{work}")
def cancel(work: Annotated[str, Field(pattern=r"^w\d{1,9}$")], parts: AllParts) -> Work:
    """Stops work; what is finished is kept."""
    return parts.works.cancel(work)


@router.get("/made")
def made(bench: OneBench) -> tuple[Made, ...]:
    """The finished videos of all clips."""
    return made_in(bench, bench.desk.state().plan)


@router.post("/reveal")
def reveal(body: RevealBody, bench: OneBench) -> Ok:
    """Shows a clip's folder in this machine's file manager."""
    plan = bench.desk.state().plan
    find(plan, body.clip)
    one = next((m for m in made_in(bench, plan) if m.clip == body.clip), None)
    if one is None:
        raise UsageError("this clip has not been rendered yet", "render it first")
    folder = (bench.desk.out / one.path).parent
    command = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    try:
        subprocess.Popen([command, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise MissingError(f"no file manager can be opened here; the folder is {folder}", "open it yourself") from error
    return Ok()


@router.get("/events", response_class=StreamingResponse)
async def events(parts: AllParts, episode: EpisodeKey = "") -> StreamingResponse:
    """Server-sent events: `plan` when the plan changed on disk, `work` when work goes on."""
    return StreamingResponse(parts.events.listen(parts.shelf, episode), media_type="text/event-stream")


def made_in(bench: Bench, plan: Plan) -> tuple[Made, ...]:
    """The finished videos there are, and whether they are of the clip as it is now."""
    import json

    out, found = bench.desk.out, []
    for manifest in sorted((out / "clips").glob("*/clip.json")):
        try:
            row = json.loads(manifest.read_text(encoding="utf-8"))
            name, files = str(row["id"]), dict(row["files"])
            clip = next((c for c in plan.clips if c.id == name), None)
            wanted = bench.looker.job(bench.desk.state(), name).wanted if clip else {}
        except (OSError, ValueError, KeyError, TypeError, ClipperError):
            continue
        for shape, told in files.items():
            path = manifest.parent / f"{shape}.mp4"
            if clip is not None and shape in wanted and path.is_file():
                current = isinstance(told, dict) and told.get("made_from") == wanted[shape]
                size = path.stat().st_size
                found.append(
                    Made(clip=name, shape=shape, path=path.relative_to(out).as_posix(), bytes=size, current=current)
                )  # fmt: skip
    return tuple(found)
