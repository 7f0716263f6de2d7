"""Reading templates: by name, by folder, as a show's own look on top of one.

In: a name, a path, or the table [look] of a show's clipper.toml; out: a `Template`. A template that extends another is
that one with a few keys changed: tables are merged, everything else is replaced.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from clipper.errors import InputError, UsageError
from clipper.picture.template import files
from clipper.picture.template.kinds import KINDS, Background, Captions, Part, Text, Waveform
from clipper.picture.template.model import FORMATS, SCHEMA, FileTable, Shape, ShapeTable, Template
from clipper.picture.template.names import DEFAULT_COLOURS, check_role
from clipper.resources import fonts_dir, templates_dir
from clipper.tables import checked, no_such_key, read_toml, table_error

FILE = "template.toml"
EXAMPLE = "docs/templates.md describes every key"
DEFAULT = "spotlight"
_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class _Source:
    """One file of a chain of templates. `prefix`: what stands before its keys in messages, such as "look."."""

    path: Path
    folder: Path
    data: dict[str, Any]
    prefix: str = ""

    def at(self, key: str) -> str:
        return f"{self.path}: {self.prefix}{key}"


def names() -> list[str]:
    """The shipped templates."""
    return sorted(p.parent.name for p in templates_dir().glob(f"*/{FILE}"))


def load(name: str) -> Template:
    """Reads a template by name, or by the path of its folder or file.

    Raises:
        UsageError: there is none of that name.
        InputError: its file does not say what a template must say; the message names the key.
    """
    return _build(_chain(_source(_folder(name), name)))


def load_look(table: dict[str, Any], folder: Path, template: str | None = None) -> Template:
    """A template with the look of a show on top.

    Args:
        table: [look] of the show's clipper.toml, as written: keys of template.toml without `schema`.
        folder: of clipper.toml; the look's own files lie there.
        template: by name or folder, before what the look itself extends; a folder beside clipper.toml may be meant.

    Raises:
        UsageError: there is no such template.
        InputError: the look or the template does not say what it must say.
    """
    base = template or str(table.get("extends") or DEFAULT)
    below = _chain(_source(_folder(base, folder), base))
    own = {key: value for key, value in table.items() if key != "extends"}
    if not own:
        return _build(below)
    if "schema" in own:
        raise no_such_key(folder / "clipper.toml", "look.schema", [])
    return _build([*below, _Source(folder / "clipper.toml", folder, {"schema": SCHEMA, **own}, "look.")])


def _folder(name: str, beside: Path | None = None) -> Path:
    """The folder of a template by name or path."""
    if name in names():
        return templates_dir() / name
    for path in [Path(name)] if beside is None else [beside / name, Path(name)]:
        folder = path.parent if _is_file(path) else path
        if name and _is_file(folder / FILE):
            return folder
    if name.strip(". ") and _is_folder(Path(name)):
        raise UsageError(f"{name} holds no {FILE}", "begin one with: clipper templates new NAME")
    near = difflib.get_close_matches(name, names(), 1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(f"there is no template {name}", f"{hint}choose one of: {', '.join(names())}; or name its folder")


def _source(folder: Path, name: str) -> _Source:
    return _Source(folder / FILE, folder, _present(folder / FILE, read_toml(folder / FILE)))


def _present(path: Path, data: dict[str, Any]) -> dict[str, Any]:
    """A file's tables as the present schema has them.

    Raises:
        InputError: a newer schema, or a layout of schema 1.
    """
    number = data.get("schema")
    if isinstance(number, int) and number > SCHEMA:
        raise InputError(f"{path} is for a newer clipper (schema {number})", "update clipper")
    if number != 1:
        return data
    left = next((name for name in ("background", *FORMATS) if data.get(name)), None)
    if left is not None:
        raise InputError(f"{path}: {left}: layouts of schema 1 are drawn no more", "begin anew: clipper templates new")
    return {**data, "schema": SCHEMA}  # before 0.1.0: all but the layout of the shapes is the same


def _chain(top: _Source) -> list[_Source]:
    """A template's file and those that it extends, the lowest first; each checked for its own keys."""
    chain = [top]
    while True:
        here = chain[0]
        wanted = _table(here).extends
        if not wanted:
            return chain
        key = here.at("extends")
        if wanted in names():
            folder = templates_dir() / wanted
        else:
            # a sibling: a plain name, so that a template stays what lies beside it
            if Path(wanted).name != wanted or wanted in (".", ".."):
                raise InputError(
                    f"{key}: {wanted} is not a name", "name a shipped template or a folder beside this one"
                )
            folder = here.folder.resolve().parent / wanted
            if not _is_file(folder / FILE):
                near = difflib.get_close_matches(wanted, names(), 1)
                hint = f"did you mean {near[0]}? " if near else ""
                raise InputError(f"{key}: there is no template {wanted}", f"{hint}choose one of: {', '.join(names())}")
        if any(folder.resolve() == one.folder.resolve() for one in chain):
            raise InputError(f"{key}: {wanted} extends this template in turn", "a template cannot extend itself")
        if len(chain) >= _LONGEST_CHAIN:
            raise InputError(f"{key}: more than {_LONGEST_CHAIN} templates extend one another", "extend a shipped one")
        chain.insert(0, _source(folder, wanted))


def _table(source: _Source) -> FileTable:
    try:
        return checked(source.path, source.data, FileTable, EXAMPLE)
    except InputError as error:
        start = f"{source.path}: "
        raise InputError(start + source.prefix + error.message.removeprefix(start), error.mend) from error


def _build(chain: list[_Source]) -> Template:
    """The template that a chain of files makes."""
    for source in chain:
        _table(source)
    data: dict[str, Any] = {}
    for source in chain:
        data = _merged(_cleared(data, source.data.get("layers", {})), source.data)
    top = chain[-1]
    table = _table(_Source(top.path, top.folder, data, top.prefix))
    if table.captions:
        data = _restyled(chain, data, table)
        table = _table(_Source(top.path, top.folder, data, top.prefix))
    folders = [source.folder for source in reversed(chain)]
    colours = {**table.colours, **table.brand}
    for role, value in colours.items():
        if not check_role(value, colours) or value == role:
            raise _unknown_role(chain, f"colours.{role}", value, colours)
    if not table.fonts:
        raise InputError(f"{top.at('fonts')} is missing", "name at least one font file, or extend a shipped template")
    found: dict[str, tuple[Path, str]] = {}
    for role, name in table.fonts.items():
        found[name] = files.font(_where(chain, f"fonts.{role}"), name, [*folders, fonts_dir()])
    shapes = {f: _shape(chain, data, f, table, colours) for f in FORMATS}
    for format_name, shape in shapes.items():
        for part in shape.layers:
            name = getattr(part, "file", "")
            if name and part.shown and name not in found:
                found[name] = files.picture(_where(chain, f"{format_name}.{part.name}.file"), name, folders)
            if isinstance(part, Background) and part.fill == "picture" and not name:
                key = f"{format_name}.{part.name}.file"
                raise InputError(f"{_where(chain, key)} is missing", "name the picture that fills the background")
    return Template(
        schema=SCHEMA,
        name=_name(chain),
        description=table.description,
        colours=colours,
        brand=frozenset(table.brand),
        fonts=table.fonts,
        folder=top.folder,
        files=found,
        **shapes,
    )


def _restyled(chain: list[_Source], data: dict[str, Any], table: FileTable) -> dict[str, Any]:
    """`data` with one style for all its captions."""
    from clipper.picture.caption_styles import CaptionStyle

    known = get_args(CaptionStyle)
    if table.captions not in known:
        raise _unknown(chain, "captions", f"there is no style {table.captions}", table.captions, list(known))
    layers = {n: {"style": table.captions} for n, part in table.layers.items() if part.get("kind") == "captions"}
    return _merged(_cleared(data, layers), {"layers": layers})


def _shape(
    chain: list[_Source], data: dict[str, Any], format_name: str, table: FileTable, colours: dict[str, str]
) -> Shape:
    entries: dict[str, Any] = data.get(format_name, {})
    size = entries.get("size")
    try:
        own = ShapeTable.model_validate({"size": size})
    except ValidationError as error:
        raise _placed(chain, error, ShapeTable, (format_name,)) from error
    if own.size is None:
        raise InputError(f"{_where(chain, f'{format_name}.size')} is missing", "give it as [width, height] in pixels")
    for name in entries:
        if name != "size" and name not in table.layers:
            raise no_such_key(*_split(chain, f"{format_name}.{name}"), known=["size", *table.layers])
    parts = [
        _part(chain, format_name, name, common, entries.get(name), table, colours)
        for name, common in table.layers.items()
        if name in entries or "box" in common or common.get("kind") == "background"
    ]
    for name, common in table.layers.items():
        if common.get("kind") not in KINDS:
            raise _kind_error(chain, name, common.get("kind"))
    return Shape(size=own.size, layers=tuple(parts))


def _part(
    chain: list[_Source],
    format_name: str,
    name: str,
    common: dict[str, Any],
    entry: Any,
    table: FileTable,
    colours: dict[str, str],
) -> Part:
    if entry is not None and not isinstance(entry, dict):
        where = _where(chain, f"{format_name}.{name}")
        raise InputError(f"{where}: a layer's place is a table (it is {entry!r})", f"{name} = {{ box = [..] }}")
    kind = KINDS.get(str(common.get("kind")))
    if kind is None:
        raise _kind_error(chain, name, common.get("kind"))
    merged = {**common, **(entry or {})}
    if "name" in merged or "kind" in (entry or {}):
        key = "name" if "name" in merged else "kind"
        raise no_such_key(*_split(chain, f"{format_name}.{name}.{key}"), known=_keys(kind))
    try:
        part = kind.model_validate({**merged, "name": name})
    except ValidationError as error:
        raise _placed(chain, error, kind, (format_name, name)) from error
    if isinstance(part, Text):
        role = part.font or (name if name in table.fonts else "captions" if isinstance(part, Captions) else "show")
        part = part.model_copy(update={"font": role})
    for key in ("font", "small"):
        role = getattr(part, key, "")
        if role and role not in table.fonts:
            raise _unknown(chain, f"{format_name}.{name}.{key}", f"there is no font {role}", role, list(table.fonts))
    for key, value in _roles(part):
        if not check_role(value, colours):
            raise _unknown_role(chain, f"{format_name}.{name}.{key}", value, colours)
    if isinstance(part, Captions | Waveform):
        _check_style(chain, f"{format_name}.{name}.style", part)
    return part


def _check_style(chain: list[_Source], key: str, part: Captions | Waveform) -> None:
    if isinstance(part, Captions):
        from clipper.picture.caption_styles import CaptionStyle

        known = get_args(CaptionStyle)
    else:
        from clipper.picture.waveforms import WaveformStyle

        known = get_args(WaveformStyle)
    if part.style not in known:
        raise _unknown(chain, key, f"there is no style {part.style}", part.style, list(known))


def _roles(part: Part) -> Iterator[tuple[str, str]]:
    for key in ("colour", "accent", "second", "track", "panel"):
        value = getattr(part, key, None)
        if isinstance(value, str) and value:
            yield key, value
    if isinstance(part, Background):
        for value in part.colours:
            yield "colours", value


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`below` with what `above` says: tables key by key, all else replaced."""
    out = dict(below)
    for key, value in above.items():
        old = out.get(key)
        out[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return out


def _cleared(data: dict[str, Any], layers: dict[str, Any]) -> dict[str, Any]:
    """`data` without what its shapes say of keys that are now said for all shapes."""
    out = dict(data)
    for format_name in FORMATS:
        shape = out.get(format_name, {})
        out[format_name] = {
            name: {k: v for k, v in entry.items() if k not in layers.get(name, {})}
            if isinstance(entry, dict)
            else entry
            for name, entry in shape.items()
        }
    return out


def _name(chain: list[_Source]) -> str:
    """The name that the topmost template gives itself, else its folder's; a show's look has none of its own."""
    top = next(source for source in reversed(chain) if not source.prefix)
    return str(top.data.get("name") or top.folder.resolve().name)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long a name, a null byte
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _keys(kind: type[Part]) -> list[str]:
    return [name for name in kind.model_fields if name not in ("name", "kind")]


def _has(data: Any, keys: list[str]) -> bool:
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return False
        data = data[key]
    return True


def _split(chain: list[_Source], key: str) -> tuple[Path, str]:
    """The file that says `key` ("vertical.headline.size"), and the key as it stands there: a layer's key may stand
    under [layers] as well."""
    first, *rest = key.split(".")
    spellings = [[first, *rest], ["layers", *rest]] if first in FORMATS else [[first, *rest]]
    if first == "colours":
        spellings.append(["brand", *rest])
    for source in reversed(chain):
        for keys in spellings:
            if _has(source.data, keys):
                return source.path, source.prefix + ".".join(keys)
    return chain[-1].path, chain[-1].prefix + key


def _where(chain: list[_Source], key: str) -> str:
    path, spelt = _split(chain, key)
    return f"{path}: {spelt}"


def _placed(chain: list[_Source], error: ValidationError, model: Any, above: tuple[str, ...]) -> InputError:
    """A schema's error with the place in the file that really says it."""
    where = [str(p) for p in error.errors()[0]["loc"]]
    path, spelt = _split(chain, ".".join([*above, *where[:1]]))
    told = table_error(path, error, model, EXAMPLE)
    start = f"{path}: "
    rest = told.message.removeprefix(start)
    plain = ".".join(where) if where else "the file"
    shown = spelt if len(where) <= 1 else spelt + "." + ".".join(where[1:])
    if rest.startswith(plain):
        rest = (shown if where else spelt) + rest[len(plain) :]
    mend = told.mend
    if error.errors()[0]["type"] == "extra_forbidden" and issubclass(model, Part):
        mend = no_such_key(path, where[-1], _keys(model)).mend
    return InputError(start + rest, mend)


def _unknown(chain: list[_Source], key: str, said: str, got: str, known: list[str]) -> InputError:
    near = difflib.get_close_matches(got, known, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    return InputError(f"{_where(chain, key)}: {said}", f"{hint}choose one of: {', '.join(known)}")


def _unknown_role(chain: list[_Source], key: str, got: str, colours: dict[str, str]) -> InputError:
    known = sorted({*colours, *DEFAULT_COLOURS})
    return _unknown(chain, key, f"there is no colour {got}", got, known)


def _kind_error(chain: list[_Source], name: str, kind: object) -> InputError:
    if kind is None:
        return InputError(f"{_where(chain, f'layers.{name}')}.kind is missing", f"choose one of: {', '.join(KINDS)}")
    return _unknown(chain, f"layers.{name}.kind", f"there is no kind of layer {kind}", str(kind), list(KINDS))
