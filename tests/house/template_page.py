"""Writes docs/templates.md from the schema itself: `python -m tests.house.template_page --write`."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from clipper.picture.caption_styles import CaptionStyle
from clipper.picture.template import load, names
from clipper.picture.template.kinds import KINDS
from clipper.picture.template.model import FileTable
from clipper.picture.template.names import DERIVED
from clipper.picture.waveforms import WaveformStyle
from tests.house.generated import write_or_show

PAGE = Path(__file__).parents[2] / "docs" / "templates.md"
HEAD = """# Templates

Written from the schema by `python -m tests.house.template_page --write`; do not edit by hand.

A template is a folder with a `template.toml` and the files it names: fonts, a logo, a picture. It is data: it runs
nothing, reads nothing outside its folder and reaches no network. `clipper templates list` shows those that came along,
`clipper templates new NAME` begins one of your own, `clipper templates check NAME` proves that nothing lies under an
app's buttons (`--for tiktok`: of one app), everything can be read and nothing flashes more than three times a second
(WCAG 2.3.1), `clipper templates preview NAME --show-safe` draws it.

A show changes a template without a folder of its own: the table `[look]` of its clipper.toml takes the same keys.

    [look]
    extends = "card"
    [look.brand]
    accent = "#C8102E"
    [look.fonts]
    headline = "OurHeadline.otf"      # beside clipper.toml
    [look.layers.logo]
    file = "logo.png"

## How a file is built

    schema = 2
    [layers.headline]                 # what holds in every shape
    kind = "text"
    text = "{headline}"
    [vertical]                        # where it stands in this one, and what differs here
    size = [1080, 1920]
    headline = { box = [17.8, 47.6, 64.4, 6.4], size = 5.4, smallest = 3.4, lines = 2 }

Boxes are `[left, top, width, height]` in percent of the picture; type sizes, radii and blurs are in percent of its
shorter side. What does not fill its box stands in it by `align` (left, centre, right) and `anchor` (top, middle,
bottom). A layer is in a shape that gives it a place; backgrounds, and layers with a `box` of their own, are in all.
Fields of colour, art and the logo lie below all words, each in the file's order; then words, waveforms, captions and
progress in that order; the end card over all.

Text fits its box by one rule: the largest `size` at which it fits in `lines`, down to `smallest`, then an ellipsis.

With `extends`, tables are merged key by key and everything else is replaced; `shown = false` takes a layer away.
"""


def page() -> str:
    """The page as it must be."""
    lines = [HEAD, "## The file", "", *table(FileTable)]
    lines += [
        "", "## Colours", "",
        "A colour is `#RRGGBB`, `#RRGGBBAA`, the name of a role in `[colours]`, `on-ROLE` (black or white, whichever "
        "reads better on it), or taken from the cover:",
        "", "| name | what |", "| --- | --- |",
    ]  # fmt: skip
    lines += [f"| `{name}` | {what} |" for name, what in DERIVED.items()]
    lines += [
        "",
        "Every colour of words is measured on the pixels that lie under it over the whole clip: 4.5:1, large type and "
        "graphics 3:1. What comes from the cover gets lighter or darker until it reaches that; where the art is busy, "
        "a scrim goes under the words. Colours in `[brand]` win and stay as they are; where they cannot be read, "
        "clipper says so.",
        "",
        "## Layers",
    ]
    for name, kind in KINDS.items():
        about = " ".join((kind.__doc__ or "").split())
        lines += ["", f'### kind = "{name}"', "", about, "", *table(kind)]
    lines += ["", "## The templates that came along", "", "| name | what |", "| --- | --- |"]
    lines += [f"| `{name}` | {load(name).description} |" for name in names()]
    return "\n".join(lines).rstrip() + "\n"


def table(model: type[BaseModel]) -> list[str]:
    """A model's keys as a table."""
    rows = ["| key | what | may be | default |", "| --- | --- | --- | --- |"]
    for name, field in model.model_fields.items():
        if name in ("name", "kind") and model is not FileTable:
            continue
        rows.append(
            f"| `{field.alias or name}` | {field.description or ''} | {may_be(model, name)} | {default(field)} |"
        )
    return rows


def may_be(model: type[BaseModel], name: str) -> str:
    """What a key may be, in a producer's words."""
    if name == "style" and model is KINDS["captions"]:
        return ", ".join(get_args(CaptionStyle))
    if name == "style" and model is KINDS["waveform"]:
        return ", ".join(get_args(WaveformStyle))
    schema = model.model_json_schema(by_alias=False)["properties"].get(name, {})
    if "enum" in schema:
        return ", ".join(str(v) for v in schema["enum"])
    kind = schema.get("type", "")
    if kind in ("number", "integer"):
        low, high = schema.get("minimum"), schema.get("maximum")
        return f"{low:g} to {high:g}" if low is not None and high is not None else "a number"
    if kind == "array":
        return "a list"
    if kind == "object":
        return "a table"
    if kind == "boolean":
        return "true, false"
    return "a colour" if "#" in schema.get("pattern", "") else "text"


def default(field: FieldInfo) -> str:
    """A key's default as one writes it."""
    if field.is_required():
        return "needed"
    value = field.default
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(str(v) if isinstance(v, str) else f"{v:g}" for v in value) + "]"
    if isinstance(value, float | int):
        return f"{value:g}"
    return str(value) if value and isinstance(value, str) else ""


if __name__ == "__main__":
    write_or_show(PAGE, page())
