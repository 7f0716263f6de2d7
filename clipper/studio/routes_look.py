"""The look of the whole show. In: a clip to see it on, one value; out: colours, styles and what cannot be read.

The show's own look stands in [look] of its clipper.toml; see `showlook`.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from clipper.plan.model import FORMATS
from clipper.show import read_show
from clipper.studio import showlook
from clipper.studio.answering import plan_answer
from clipper.studio.answers import ColourAnswer, LookAnswer, PlanAnswer, UnreadAnswer
from clipper.studio.asked import ClipId
from clipper.studio.desk import State
from clipper.studio.parts import OneBench
from clipper.studio.shelf import Bench

router = APIRouter(prefix="/api", tags=["look"])

# as clipper.picture.settle says it
_NOTE = re.compile(r"^brand colour (\S+) reaches only ([\d.]+):1 in (\S+), ([\d.]+):1 is readable$")


class LookBody(BaseModel):
    """One value of the show's look, and what the page showed before; null: as the template has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=showlook.KEY, description="captions (their style), or brand.ROLE (a colour).")]
    value: Annotated[str, Field(min_length=1, max_length=40)] | None
    was: Annotated[str, Field(max_length=200)] | None


@router.get("/clips/{clip}/look")
def look(clip: ClipId, bench: OneBench) -> LookAnswer:
    """The colours and the captions of a clip, those of the show's own, and where they cannot be read."""
    from clipper.picture.roles import palette

    state = bench.desk.state()
    job = bench.looker.job(state, clip)
    template = job.template
    seen = palette(template.colours, template.brand, job.content.cover)
    path = bench.desk.show_file
    own = read_show(path).look if path.is_file() else {}
    captions = next((s.captions for f in FORMATS if (s := template.shape(f)).captions is not None), None)
    return LookAnswer(
        file=path.name,
        there=path.is_file(),
        colours=tuple(
            ColourAnswer(role=role, own=showlook.value(own, f"brand.{role}"), seen=_hex(seen.rgb(role)))
            for role in template.colours
        ),
        captions=showlook.value(own, showlook.STYLE),
        style=captions.style if captions is not None else "",
        styles=showlook.styles(),
        unread=_unread(bench, state, clip),
    )


@router.post("/look")
def restyle(body: LookBody, bench: OneBench) -> PlanAnswer:
    """Changes one value of the show's look; it is in clipper.toml when the answer comes."""
    return plan_answer(bench.desk, bench.desk.restyle(body.key, body.value, body.was))


def _unread(bench: Bench, state: State, clip: str) -> tuple[UnreadAnswer, ...]:
    found = []
    for shape in FORMATS:
        for note in bench.looker.scene(state, clip, shape, "preview").notes:
            if told := _NOTE.match(note):
                role, contrast, layer, least = told.groups()
                found.append(
                    UnreadAnswer(shape=shape, role=role, layer=layer, contrast=float(contrast), least=float(least))
                )
    return tuple(found)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02X}" for part in colour)
