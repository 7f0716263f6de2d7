"""A template: a look as data, validated on the way in. In: a name, a folder, a show's [look]; out: a `Template`."""

from __future__ import annotations

from clipper.picture.template.kinds import (
    Art,
    Background,
    Captions,
    EndCard,
    Line,
    Logo,
    Panel,
    Part,
    Progress,
    Text,
    Waveform,
)
from clipper.picture.template.load import DEFAULT, FILE, load, load_look, names
from clipper.picture.template.model import FORMATS, SCHEMA, Shape, Template

__all__ = [
    "DEFAULT",
    "FILE",
    "FORMATS",
    "SCHEMA",
    "Art",
    "Background",
    "Captions",
    "EndCard",
    "Line",
    "Logo",
    "Panel",
    "Part",
    "Progress",
    "Shape",
    "Template",
    "Text",
    "Waveform",
    "load",
    "load_look",
    "names",
]
