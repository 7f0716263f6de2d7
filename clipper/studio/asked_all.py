"""What a page may ask of the plan as a whole, and `Asked`: everything that it may ask.

In: JSON from the page; out: `Asked`, which can be laid on a plan.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from clipper.errors import UsageError
from clipper.plan.edits import Said
from clipper.plan.model import Format, Plan
from clipper.plan.quotes import letters
from clipper.plan.respelt import respelt
from clipper.studio.asked import (
    Back,
    Captions,
    Correct,
    Emphasise,
    Hook,
    Line,
    Look,
    Merge,
    Pick,
    Place,
    Shapes,
    Sound,
    Split,
    Step,
    Strike,
    Title,
)  # fmt: skip


class EverySound(BaseModel):
    """The plan's wishes for the sound of all clips that have none of their own; null: the show's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["every-sound"]
    tighten: bool | None = None
    music: Line | None = None
    intro: Line | None = None
    outro: Line | None = None
    clean: Annotated[tuple[Line, ...], Field(max_length=8)] | None = None
    clip: Literal[""] = ""

    def apply(self, plan: Plan, said: Said) -> Plan:
        return plan.model_copy(update=self.model_dump(include=self._named))

    def touched(self, plan: Plan) -> object:
        return [getattr(plan, name) for name in sorted(self._named)]

    @property
    def _named(self) -> set[str]:
        return self.model_fields_set - {"do", "clip"}


class EveryLook(BaseModel):
    """The template of all clips that have none of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["every-look"]
    template: Annotated[Line, StringConstraints(min_length=1)]
    clip: Literal[""] = ""

    def apply(self, plan: Plan, said: Said) -> Plan:
        return plan.model_copy(update={"template": self.template})

    def touched(self, plan: Plan) -> object:
        return plan.template


class EveryShape(BaseModel):
    """The shapes of all clips that have none of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["every-shape"]
    formats: Annotated[tuple[Format, ...], Field(min_length=1, max_length=3)]
    clip: Literal[""] = ""

    def apply(self, plan: Plan, said: Said) -> Plan:
        return plan.model_copy(update={"formats": tuple(dict.fromkeys(self.formats))})

    def touched(self, plan: Plan) -> object:
        return plan.formats


class Spell(BaseModel):
    """A word or name written otherwise than it is heard, wherever it is said; `applied` false leaves it as heard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["spell"]
    heard: Annotated[Line, StringConstraints(min_length=1)]
    written: Annotated[Line, StringConstraints(min_length=1)]
    applied: bool = True
    clip: Literal[""] = ""

    def apply(self, plan: Plan, said: Said) -> Plan:
        return plan.model_copy(update={"spelling": respelt(plan.spelling, self.heard, self.written, self.applied)})

    def touched(self, plan: Plan) -> object:
        return [r for r in plan.spelling if letters(self.heard) in (letters(r.heard), letters(r.written))]


class Speaker(BaseModel):
    """A speaker's name; an empty one is the transcript's own word for who speaks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["speaker"]
    speaker: Annotated[Line, StringConstraints(min_length=1)]
    name: Line
    clip: Literal[""] = ""

    def apply(self, plan: Plan, said: Said) -> Plan:
        if self.speaker not in plan.speakers:
            raise UsageError(f"there is no speaker {self.speaker}", f"there are {', '.join(plan.speakers) or 'none'}")
        name = " ".join(self.name.split()) or self.speaker
        return plan.model_copy(update={"speakers": {**plan.speakers, self.speaker: name}})

    def touched(self, plan: Plan) -> object:
        return plan.speakers.get(self.speaker)


Asked = Annotated[
    Pick
    | Title
    | Hook
    | Step
    | Place
    | Back
    | Correct
    | Emphasise
    | Strike
    | Split
    | Merge
    | Sound
    | EverySound
    | Captions
    | Look
    | Shapes
    | EveryLook
    | EveryShape
    | Spell
    | Speaker,
    Field(discriminator="do"),
]
