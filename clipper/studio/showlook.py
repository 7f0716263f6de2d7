"""The show's own look as the page edits it: colours by role and the style of captions, in [look] of clipper.toml.

In: the show's folder, one `Value` to be set; out: the file with that value, every comment and all else as it was. What
the file would then say is read as clipper reads it before it is written.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import tomlkit
from tomlkit.exceptions import TOMLKitError

from clipper import cache, leftovers
from clipper.batch.wishes import place_of
from clipper.errors import InputError, UsageError
from clipper.show import FILE, own_show, read_show
from clipper.studio.journal import OvertakenError

STYLE = "captions"
BRAND = "brand."
KEY = r"^(captions|brand\.[a-z][a-z0-9-]{0,39})$"
COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$")


def show_file(episode: str, out: Path) -> Path:
    """The clipper.toml that holds for an episode, or where one would: beside its page or sound.

    Raises:
        InputError: it would lie in a folder that everybody may write to, where it does not count.
    """
    here = own_show(out)
    if here.path is not None:
        return here.path
    there = place_of(episode) if episode and "://" not in episode and Path(episode).exists() else out.resolve().parent
    beside = own_show(there)
    if beside.path is None and beside.folder == Path():
        raise InputError("this show has no folder of its own", f"put a {FILE} beside the episode")
    return beside.path or beside.folder / FILE


def styles() -> tuple[str, ...]:
    """The styles that captions may have."""
    from clipper.picture.caption_styles import CaptionStyle

    return get_args(CaptionStyle)


def value(look: Mapping[str, Any], key: str) -> str | None:
    """What a show's [look] says of a key: "captions" or "brand.ROLE"; None where it says nothing."""
    found: Any = look
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None


def put(path: Path, key: str, wanted: str | None, was: str | None, *, force: bool = False) -> None:
    """Writes a value into [look] of a clipper.toml, which may not be there yet; None takes it out.

    Args:
        was: what the page showed.
        force: writes it though the file says something else meanwhile.

    Raises:
        OvertakenError: the file says something else.
        UsageError: no colour, or no style.
        InputError: the file cannot be read, or could not be with this value.
        MissingError: it cannot be written.
    """
    if wanted is not None and (wanted not in styles() if key == STYLE else not COLOUR.match(wanted)):
        mend = f"choose one of: {', '.join(styles())}" if key == STYLE else "write it as #RRGGBB"
        raise UsageError(f"{wanted} cannot be {key}", mend)
    text = _text(path)
    try:
        doc = tomlkit.parse(text)
    except TOMLKitError as error:
        raise InputError(f"{path.name} cannot be read: {error}", "mend it in an editor first") from error
    now = value(doc.get("look", {}), key)
    if now == wanted:
        return
    if now != was and not force:
        raise OvertakenError(f"{key} was changed in {path.name} since", "look at it first")
    _set(doc, key.split("."), wanted)
    written = tomlkit.dumps(doc)
    _try(path, written)
    cache.write_text(path, written)


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read: {error}", "mend it in an editor first") from error


def _set(doc: tomlkit.TOMLDocument, path: list[str], wanted: str | None) -> None:
    table: Any = doc
    for part in ["look", *path[:-1]]:
        if part not in table:
            if wanted is None:
                return
            table[part] = tomlkit.table()
        table = table[part]
    if wanted is None:
        table.pop(path[-1], None)
    else:
        table[path[-1]] = wanted


def _try(path: Path, text: str) -> None:
    """Reads what is to be written; the file's own folder has the files that it names."""
    from clipper.picture.template import load_look

    with tempfile.TemporaryDirectory(prefix=leftovers.folder_prefix()) as name:
        copy = Path(name) / FILE
        copy.write_text(text, encoding="utf-8")
        try:
            look = read_show(copy).look
        except InputError as error:
            raise InputError(error.message.replace(str(copy), path.name), error.mend) from error
    load_look(look, path.parent)
