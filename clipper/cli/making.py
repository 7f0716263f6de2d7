"""What `make`, `batch` and `watch` can be told of the clips to be made: declared once, given to a command as one value.

In: the command line; out: `Making`.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from clipper.cli import options as o

if TYPE_CHECKING:
    from clipper.batch.work import Options


@dataclass(frozen=True, slots=True)
class Making:
    """The options, in the order in which the help shows them; null where the command line says nothing."""

    count: Annotated[int | None, typer.Option("--count", metavar="N", help="How many clips.", show_default="5")] = None
    shortest: o.Shortest = None
    longest: o.Longest = None
    platforms: o.For = None
    formats: o.Formats = None
    template: o.TemplateName = None
    quality: o.QualityName = None
    encoder: o.Encoder = "libx264"
    fps: o.FramesASecond = None
    size: o.Size = None
    reduced_motion: o.ReducedMotion = False
    engine: o.Engine = None
    model: o.Model = None
    language: o.Language = None
    offline: o.Offline = False
    as_heard: o.AsHeard = False

    def options(self) -> Options:
        """The same for an episode of a batch."""
        from clipper.batch.work import Options

        return Options(**{field.name: getattr(self, field.name) for field in dataclasses.fields(self)})

    def wishes(self) -> dict[str, Any]:
        """What `wished` takes of them; the rest is for `output_of`."""
        from clipper.batch.work import OUTPUT

        names = [field.name for field in dataclasses.fields(self) if field.name not in OUTPUT]
        return {name: getattr(self, name) for name in names}


def with_making(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of `Making` in the place of its parameter `making`."""
    hints = get_type_hints(Making, include_extras=True)
    own = inspect.signature(command, eval_str=True)
    spread = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in dataclasses.fields(Making)
    ]
    parameters: list[inspect.Parameter] = []
    for one in own.parameters.values():
        parameters += spread if one.name == "making" else [one.replace(kind=inspect.Parameter.KEYWORD_ONLY)]

    @functools.wraps(command)
    def call(**said: Any) -> None:
        command(making=Making(**{one.name: said.pop(one.name) for one in spread}), **said)

    call.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in parameters}
    return call
