"""One mapping of the plan's file, read value by value.

In: a mapping as parsed, all text; out: values of the kind that is wanted, or an error with file, line and clip that
says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from clipper.errors import InputError
from clipper.plan.model import FORMATS, Format
from clipper.plan.yamltext import is_nothing
from clipper.span import Span

_YES = ("true", "yes", "on")
_NO = ("false", "no", "off")


@dataclass(frozen=True)
class Entry:
    """A mapping with the place it came from.

    Attributes:
        path: of the file.
        who: "clip c2", or empty for the file's own keys.
        map: the values, all text, lists or mappings.
    """

    path: Path
    who: str
    map: CommentedMap

    def line(self, key: str | None = None) -> int:
        """The line, from 1, of `key` or of the mapping itself."""
        lines = self.map.lc
        if key is not None and key in self.map:
            return int(lines.key(key)[0]) + 1
        return int(lines.line) + 1

    def bad(self, key: str | None, what: str, mend: str) -> InputError:
        """The error for `key`, with its place."""
        who = f", {self.who}" if self.who else ""
        return InputError(f"{self.path}, line {self.line(key)}{who}: {what}", mend)

    def only(self, known: Sequence[str]) -> None:
        """Refuses keys that are not among `known`."""
        for key in self.map:
            if key in known:
                continue
            near = get_close_matches(str(key).lower(), known, n=1, cutoff=0.5)
            mend = f"did you mean {near[0]}?" if near else f"the keys here are {', '.join(known)}"
            # A key that is itself a list or a mapping has no line of its own.
            raise self.bad(key if isinstance(key, str) else None, f"there is no key {str(key)!r}", mend)

    def text(self, key: str) -> str | None:
        """A text; None where it is missing, empty or null."""
        value = self.map.get(key)
        if is_nothing(value):
            return None
        if not isinstance(value, str):
            raise self.bad(key, f"{key} is a list or a group of keys, expected one text", f"write {key}: and a text")
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.map.get(key)
        if isinstance(value, CommentedSeq):
            if all(isinstance(v, str) for v in value):
                return tuple(str(v) for v in value)
            raise self.bad(key, f"{key} holds more than texts", _quote_mend("one text a line, each after a dash"))
        if isinstance(value, CommentedMap):
            raise self.bad(
                key, f"{key} is a group of keys, expected a list", "write one text a line, each after a dash"
            )
        return () if is_nothing(value) else (str(value),)

    def flag(self, key: str) -> bool | None:
        """True, false, or None where it is empty."""
        text = self.text(key)
        if text is None:
            return None
        if text.strip().lower() not in (*_YES, *_NO):
            raise self.bad(key, f"{key} is {text!r}, expected true, false or nothing", "write true or false")
        return text.strip().lower() in _YES

    def integer(self, key: str) -> int | None:
        """A whole number that is not negative."""
        text = self.text(key)
        if text is None:
            return None
        if not re.fullmatch(r"\d{1,12}", text.strip(), re.ASCII):
            raise self.bad(key, f"{key} is {text!r}, expected a whole number", f"write a number such as {key}: 1")
        return int(text)

    def formats(self, key: str) -> tuple[Format, ...] | None:
        """Formats, each once; None where nothing is said."""
        chosen: list[Format] = []
        for text in self.texts(key):
            known = next((f for f in FORMATS if f == text.strip().lower()), None)
            if known is None:
                near = get_close_matches(text.lower(), FORMATS, n=1, cutoff=0.4)
                hint = f"did you mean {near[0]}? " if near else ""
                mend = f"{hint}formats are {', '.join(FORMATS)}"
                raise self.bad(key, f"there is no format {text!r}", mend)
            if known not in chosen:
                chosen.append(known)
        return tuple(chosen) or None

    def steps(self, key: str) -> tuple[str, ...] | None:
        """A list of names; None where nothing is said, empty for `none` or an empty list."""
        if is_nothing(self.map.get(key)):
            return None
        texts = tuple(text.strip().lower() for text in self.texts(key))
        return () if texts == ("none",) else tuple(dict.fromkeys(texts))

    def entry(self, key: str, who: str) -> Entry | None:
        """The mapping below `key`; None where nothing is said."""
        value = self.map.get(key)
        if is_nothing(value):
            return None
        if not isinstance(value, CommentedMap):
            raise self.bad(key, f"{key} is no group of keys", f"write {key}: {{...}} as in the other clips")
        return Entry(self.path, who, value)

    def entries(self, key: str, what: str) -> tuple[Entry, ...]:
        """The mappings of the list below `key`."""
        value = self.map.get(key)
        if is_nothing(value):
            return ()
        if not isinstance(value, CommentedSeq):
            raise self.bad(key, f"{key} is no list", f"begin each {what} with a dash: - ...")
        found = []
        for number, item in enumerate(value):
            if not isinstance(item, CommentedMap):
                line = int(value.lc.item(number)[0]) + 1
                raise InputError(
                    f"{self.path}, line {line}: a {what} is {str(item)[:40]!r}, expected a group of keys",
                    f"write the {what} as the others are written",
                )
            found.append(Entry(self.path, f"{what} {number + 1}", item))
        return tuple(found)

    def span(self, start: float, end: float, key: str = "end") -> Span:
        """Both as a span.

        Raises:
            InputError: it would hold nothing.
        """
        if end <= start:
            raise self.bad(
                key, f"it ends ({end:.2f} s) before it starts ({start:.2f} s)", "give an end after the start"
            )
        return Span(start=start, end=end)


def _quote_mend(form: str) -> str:
    return f'write {form}; a text with ": " in it wants quotes'
