"""Where a setting comes from: the command line, the environment, the show's clipper.toml, the user's, or the usual.

In: the show's settings; out: the same with the environment's before them and the user's behind them, and for every
setting a row that says whose it is. The command line's are laid on top by whoever reads it (see `batch.wishes`).

The user's file is clipper.toml in the user's configuration folder (CLIPPER_CONFIG names another); it has the form of a
show's. In the environment, a key of [clips], [hear] or [show] is CLIPPER_ and the key: CLIPPER_COUNT=3.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import platformdirs
from pydantic import BaseModel, ValidationError

from clipper.errors import UsageError
from clipper.show import EXAMPLE, FILE, About, Clips, Hear, Show, is_file, read_show

TABLES: dict[str, type[BaseModel]] = {"clips": Clips, "hear": Hear, "show": About}
_FIELDS = {"clips": "settings", "hear": "hear", "show": "about"}  # the tables' names in a `Show`
PREFIX = "CLIPPER_"
# What the environment says to other rooms.
OTHERS = frozenset(
    [
        "CACHE",
        "CACHE_LIMIT",
        "CONFIG",
        "FFMPEG",
        "FONTS",
        "RERANK_KEY",
        "OFFLINE",
        "ALLOW_HOSTS",
        "JOBS",
        "EXECUTOR",
        "ADDRESS",
        "NOTIFY",
        "TEST_CACHE",
        "TEST_CACHE_NOW",
    ]
)
USUAL: dict[str, Any] = {
    "clips.count": 5, "clips.min": 20, "clips.max": 60, "clips.formats": ["vertical", "square", "wide"],
    "clips.template": "spotlight", "clips.quality": "good", "hear.engine": "faster-whisper", "hear.model": "base",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as it holds: "clips.count", its value (null: not said), and whose it is."""

    key: str
    value: Any
    source: str


def user_file() -> Path:
    """Where the user's own settings are looked for."""
    named = os.environ.get("CLIPPER_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("clipper", appauthor=False)) / FILE


def layered(show: Show) -> Show:
    """A show's settings with the environment's before and the user's behind them.

    Raises:
        InputError: the user's file is not what it must be.
        UsageError: the environment says what cannot be.
    """
    user, told = _user(show), environment()
    update: dict[str, Any] = {}
    for table, model in TABLES.items():
        name = _FIELDS[table]
        values = {**_said(getattr(user, name)), **_said(getattr(show, name)), **told.get(table, {})}
        update[name] = model(**values)
    update["signals"] = {**user.signals, **show.signals}
    update["names"] = {**user.names, **show.names}
    update["look"] = {**user.look, **show.look}
    return show.model_copy(update=update)


def origins(show: Show) -> list[Row]:
    """Every setting with whose it is, those that nobody set as well.

    Args:
        show: as its file says it, without the other layers.

    Raises:
        InputError, UsageError: as `layered`.
    """
    user, told = _user(show), environment()
    rows: list[Row] = []
    for table, model in TABLES.items():
        name = _FIELDS[table]
        ours, theirs = _said(getattr(show, name)), _said(getattr(user, name))
        for key, field in model.model_fields.items():
            whole = f"{table}.{key}"
            if key in told.get(table, {}):
                rows.append(Row(whole, told[table][key], f"{PREFIX}{key.upper()}"))
            elif key in ours:
                rows.append(Row(whole, ours[key], str(show.path)))
            elif key in theirs:
                rows.append(Row(whole, theirs[key], str(user.path)))
            else:
                usual = USUAL.get(whole, field.get_default(call_default_factory=True))
                rows.append(Row(whole, usual, "usual"))
    for name in ("signals", "names", "look"):
        mine, behind = getattr(show, name), getattr(user, name)
        rows += [Row(f"{name}.{k}", v, str(show.path)) for k, v in mine.items()]
        rows += [Row(f"{name}.{k}", v, str(user.path)) for k, v in behind.items() if k not in mine]
    rows += [Row(f"signals.{k}", v, str(show.learnt_path)) for k, v in show.learnt.items() if k not in show.signals]
    rows += [Row(f"names.{k}", v, str(show.learnt_path)) for k, v in show.learnt_names.items() if k not in show.names]
    return rows


def environment() -> dict[str, dict[str, Any]]:
    """What the environment sets, by table and key.

    Raises:
        UsageError: a value that cannot be.
    """
    found: dict[str, dict[str, Any]] = {}
    for table, model in TABLES.items():
        texts = {k: os.environ[PREFIX + k.upper()] for k in model.model_fields if os.environ.get(PREFIX + k.upper())}
        for key, text in texts.items():
            value = _value(text, model.model_fields[key].annotation)
            try:
                model(**{key: value})
            except ValidationError as error:
                what = error.errors()[0]["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
                raise UsageError(
                    f"{PREFIX}{key.upper()} is {text!r}: {what}", f"correct it, or unset it; {EXAMPLE}"
                ) from error
            found.setdefault(table, {})[key] = value
    return found


def unknown(variables: Mapping[str, str]) -> list[str]:
    """Variables that look like clipper's and mean nothing: most likely a slip of the pen."""
    known = {PREFIX + k.upper() for model in TABLES.values() for k in model.model_fields} | {PREFIX + n for n in OTHERS}
    return sorted(n for n in variables if n.startswith(PREFIX) and n not in known)


def _user(show: Show) -> Show:
    """The user's settings; none where the show's file is the user's own."""
    path = user_file()
    if not is_file(path) or (show.path is not None and is_file(show.path) and path.samefile(show.path)):
        return Show()
    user = read_show(path)
    template = user.settings.template
    if template is not None and (path.parent / template).is_dir():  # beside the user's file, not the show's
        user = user.model_copy(
            update={"settings": user.settings.model_copy(update={"template": str(path.parent / template)})}
        )
    return user


def _said(table: BaseModel) -> dict[str, Any]:
    return {name: getattr(table, name) for name in table.model_fields_set}


def _value(text: str, kind: Any) -> Any:
    """A text of the environment as the kind of value that the key has; as it is where it cannot be one."""
    kinds = str(kind) if not isinstance(kind, type) else kind.__name__
    inner = " ".join(map(str, get_args(kind))) + kinds
    if "tuple" in inner:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if "bool" in inner:
        return {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False,
                "off": False}.get(text.strip().casefold(), text)  # fmt: skip
    for name, number in (("int", int), ("float", float)):
        if name in inner:
            try:
                return number(text)
            except ValueError:
                return text
    return text.strip()
