"""A page's text in, its front matter as plain values and the body out.

YAML between ---, TOML between +++, JSON bare or between ;;;, any of them in a code fence, "Key: value" lines without
fences, or none. Values come out as str, bool, None, list and dict only: a date stays as it is written, in its own time
zone, and a title that looks like a number stays a title.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from clipper.episode.phrases import limit
from clipper.errors import InputError

Value = str | bool | None | list["Value"] | dict[str, "Value"]
Fields = dict[str, Any]

_MEND = "correct the lines between the --- marks at the top of the page, or take them out"
_FENCED = re.compile(
    r"\A\s*(`{3,}|~{3,})[ \t]*(ya?ml|toml|json)?[^\n]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.IGNORECASE | re.DOTALL
)
_YAML = re.compile(
    r"\A(?:\s*<!--.*?-->)?\s*?^---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML = re.compile(r"\A\s*?^\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_SEMICOLONS = re.compile(r"\A\s*?^;;;[ \t]*\n(.*?)(?:^|\n);;;[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BARE_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_ -]{0,30}):[ \t]*(.*)")
_BARE_KEYS = {
    "title",
    "date",
    "author",
    "authors",
    "tags",
    "slug",
    "category",
    "summary",
    "layout",
    "episode",
    "number",
}


def split(text: str) -> tuple[Fields, str]:
    """Front matter and body of a page.

    Raises:
        InputError: there is front matter, but it cannot be read, or it is made to blow up.
    """
    if fenced := _FENCED.match(text):
        inside, rest = fenced[3], text[fenced.end() :]
        language = (fenced[2] or "").casefold()
        if re.match(r"\s*(---|\+\+\+|;;;)[ \t]*\n", inside):
            fields, more = split(inside + "\n")
            return (fields, more + rest) if fields else ({}, text)
        if language.startswith("y") or (not language and re.match(r"\s*[\w-]+:\s", inside)):
            return _yaml(inside), rest
        if language == "toml":
            return _toml(inside), rest
        if language == "json" or inside.lstrip().startswith("{"):
            fields, _ = _json(inside)
            return fields, rest
        return {}, text
    if found := _YAML.match(text):
        if re.match(r"\s*\{", found[1]):
            return _json(found[1])[0], text[found.end() :]
        fields = _yaml(found[1])
        return (fields, text[found.end() :]) if fields or not found[1].strip() else ({}, text)
    if found := _TOML.match(text):
        return _toml(found[1]), text[found.end() :]
    if found := _SEMICOLONS.match(text):
        inside = found[1] if found[1].lstrip().startswith("{") else "{" + found[1] + "}"
        return _json(inside)[0], text[found.end() :]
    if re.match(r"\s*\{\s*(\"|\})", text):
        return _json(text)
    return _bare(text)


def _checked_size(text: str) -> None:
    most = limit("read", "front_matter_bytes")
    if len(text) > most:
        raise InputError(f"the page's front matter is too long ({len(text):,} characters; {most:,} are read)", _MEND)


def _json(text: str) -> tuple[Fields, str]:
    text = text.lstrip()
    try:
        value, end = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).raw_decode(text)
    except RecursionError as error:
        raise InputError("the page's JSON front matter is nested too deep", _MEND) from error
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"the page's JSON front matter cannot be read{where}: {error}", _MEND) from error
    _checked_size(text[:end])
    return dict(_plain(value)), text[end:]


def _toml(text: str) -> Fields:
    _checked_size(text)
    try:
        return dict(_plain(tomllib.loads(text, parse_float=str)))
    except RecursionError as error:
        raise InputError("the page's TOML front matter is nested too deep", _MEND) from error
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise InputError(f"the page's TOML front matter cannot be read: {error}", _MEND) from error


def _plain(value: Any, depth: int = 0) -> Any:
    """Numbers and dates as they print; everything else as it is."""
    if depth > limit("read", "front_matter_depth"):
        raise InputError("the page's front matter is nested too deep", _MEND)
    if isinstance(value, dict):
        return {str(k): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v, depth + 1) for v in value]
    return value if value is None or isinstance(value, str | bool) else str(value)


def _yaml(text: str) -> Fields:
    """YAML as values; a few mistakes that people make are mended first where YAML refuses them.

    A text that is no mapping is no front matter but a page between two rules: {} then.
    """
    from ruamel.yaml.error import YAMLError

    _checked_size(text)
    text = text.replace("\t", "    ")
    try:
        value = _composed(text)
    except YAMLError as error:
        mended = _mended(text)
        try:
            if mended == text:
                raise
            value = _composed(mended)
        except YAMLError:
            mark = getattr(error, "problem_mark", None)
            where = f" in line {mark.line + 2}" if mark is not None else ""
            problem = getattr(error, "problem", None) or "it is no YAML"
            raise InputError(f"the page's front matter cannot be read{where}: {problem}", _MEND) from error
    return value if isinstance(value, dict) else {}


def _mended(text: str) -> str:
    """`key: value` lines whose value must be quoted and is not, with quotes around it."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        found = re.fullmatch(r"([\w-]+:) +(\S.*?)\s*", line)
        if not found or re.match(r"[|>]", found[2]):
            continue
        value = found[2]
        quoted = (
            value[0] in "\"'"
            and not re.fullmatch(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", value)
            and value.count(value[0]) > 1
        )
        bracket = value[0] in "[{" and re.match(r"\[[^\[\]]*\]\s*[^\s#,]|\{[{%]", value)
        if (
            (": " in value and value[0] not in "\"'[{")
            or value[0] in "@`%*&!"
            or value.endswith(":")
            or quoted
            or bracket
        ):
            if quoted and value.startswith('"') and value.endswith('"'):
                value = value[1:-1].replace('\\"', '"')
            lines[i] = f"{found[1]} '{value.replace(chr(39), chr(39) * 2)}'"
    return "\n".join(lines)


def _composed(text: str) -> Value:
    """The first document's value, from the parser's events.

    Aliases are followed with a count of what they stand for, so that a few lines cannot become a billion; tags such as
    !!python/object are not obeyed; of a key that stands twice the last value holds.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

    most, deepest = limit("read", "front_matter_nodes"), limit("read", "front_matter_depth")
    anchors: dict[str, tuple[Value, int]] = {}
    root: list[Value] = []
    stack: list[tuple[list[Value], str | None, bool, int]] = []  # items, anchor, is a mapping, nodes when opened
    nodes = 0

    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, SequenceStartEvent | MappingStartEvent):
            stack.append(([], event.anchor, isinstance(event, MappingStartEvent), nodes))
            nodes += 1
            if len(stack) > deepest:
                raise InputError("the page's front matter is nested too deep", _MEND)
            continue
        value: Value
        anchor: str | None = None
        size = 1
        if isinstance(event, ScalarEvent):
            value, anchor = _scalar(event.value, plain=event.implicit[0]), event.anchor
            nodes += 1
        elif isinstance(event, AliasEvent):
            if event.anchor not in anchors:
                raise MarkedYAMLError(problem=f"*{event.anchor} points to nothing", problem_mark=event.start_mark)
            value, size = anchors[event.anchor]
            nodes += size
        elif type(event).__name__ in ("SequenceEndEvent", "MappingEndEvent"):
            items, anchor, mapping, before = stack.pop()
            value, size = (_mapping(items) if mapping else items), nodes - before
        else:
            continue
        if nodes > most:
            raise InputError("the page's front matter unfolds into millions of values", _MEND)
        if anchor:
            anchors[anchor] = (value, size)
        if stack:
            stack[-1][0].append(value)
        else:
            root.append(value)
    return root[0] if root else None


def _scalar(text: str, *, plain: bool) -> Value:
    if plain and text in ("", "~", "null", "Null", "NULL"):
        return None
    if plain and text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.casefold() == "true"
    return text


def _mapping(items: list[Value]) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for name, value in zip(items[::2], items[1::2], strict=False):
        if name == "<<" and isinstance(value, dict):
            made = {**value, **made}
        elif isinstance(name, str):
            made[name] = value
    return made


def _bare(text: str) -> tuple[Fields, str]:
    """ "Title: ..." lines at the very top, as some generators have them, up to the first empty line."""
    fields: Fields = {}
    lines = text.lstrip("\n").split("\n")
    for i, line in enumerate(lines[:40]):
        found = _BARE_LINE.fullmatch(line.rstrip())
        if found:
            fields[found[1].strip().casefold().replace(" ", "_")] = found[2].strip() or None
        elif not line.strip():
            known = _BARE_KEYS & set(fields)
            if len(fields) >= 2 and "title" in known and len(known) >= 2:
                return fields, "\n".join(lines[i:])
            break
        else:
            break
    return {}, text
