"""Beginning a template of one's own. In: a folder's name, the template to extend; out: a template.toml in it."""

from __future__ import annotations

import re
from pathlib import Path

from clipper import cache
from clipper.errors import UsageError
from clipper.picture.template.load import FILE, load
from clipper.picture.template.model import SCHEMA

_TEXT = """\
# {name}: {origin} with a few things changed. docs/templates.md describes every key; what is not here stays as it is.
schema = {schema}
name = "{name}"
description = "{origin}, our way."
extends = "{origin}"

# The show's own colours win over those of the cover; `clipper templates check` says where they cannot be read.
[brand]
# accent = "#FFC43D"
# background = "#101418"

[fonts]
# headline = "OurHeadline.otf"    # a font file in this folder, or a shipped one

[layers.logo]
# file = "logo.png"               # a PNG in this folder

[vertical]
# headline = {{ size = 6.0 }}
"""


def begin(name: str, origin: str) -> Path:
    """Makes the folder `name` with a template.toml that extends `origin`; gives the file's path.

    Raises:
        UsageError: there is something at that place already, or the name cannot be one.
        InputError: `origin` is no template that can be read.
    """
    load(origin)
    folder = Path(name)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", folder.name):
        raise UsageError(f"{folder.name or name} cannot be a template's name", "use small letters, digits and hyphens")
    if folder.exists():
        raise UsageError(f"{folder} is there already", "choose another name, or take it away")
    beside = Path(origin)
    if beside.exists() and beside.resolve().parent != folder.resolve().parent:
        raise UsageError(
            f"{origin} does not lie beside {folder}", "begin it in the same folder, or extend a shipped one"
        )
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error
    path = folder / FILE
    cache.write_text(path, _TEXT.format(name=folder.name, origin=beside.name, schema=SCHEMA))
    return path
