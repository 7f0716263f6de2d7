"""YAML as text that a person edits: in and out of ruamel.yaml's round-trip form, every scalar kept as it is written.

In: text from a file nobody vouches for; out: mappings, lists and strings with their lines and comments. Nothing in
it becomes a number, a date or an object here, so `title: 1:30` is a title. Aliases, tags and deep nesting, which no
plan needs and which can blow a file up, are refused.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, ScalarString

from clipper.errors import InputError

MAX_BYTES = 5_000_000  # a plan of 100 clips has some 100,000
MAX_DEPTH = 12

# What YAML 1.1 or 1.2 would take for something else than text, were it not quoted.
_AMBIGUOUS = re.compile(
    r"~|=|<<|null|true|false|yes|no|on|off|y|n|\.inf|\.nan|[-+.]?\d[-+.,:_\dA-Fa-fxoTZ \t]*", re.IGNORECASE | re.ASCII
)
_SYNTAX = re.compile(r"""^[\s!&*'"%@`|>{}\[\],?#:-]|: |:$| #|\s$""")
_FLOW_SYNTAX = re.compile(r"[\[\]{},:]")
# Text that a literal block gives back letter for letter.
_BLOCK_LINE = re.compile(r"[^\s\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff][^\n]*(?<!\s)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _AsWritten(VersionedResolver):
    """Every scalar is text, in reading and in writing."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        return self.DEFAULT_SCALAR_TAG if kind is ScalarNode else super().resolve(kind, value, implicit)


class _Plain(Composer):
    """Refuses what no plan needs."""

    def compose_document(self) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
            raise MarkedYAMLError(problem="directives (%...) are not used here", problem_mark=event.start_mark)
        return super().compose_document()

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        problem = ""
        if isinstance(event, AliasEvent) or event.anchor is not None:
            problem = "aliases and anchors (* and &) are not used here"
        elif event.ctag is not None:
            problem = "tags (!) are not used here"
        elif getattr(self, "_nested", 0) >= MAX_DEPTH:
            problem = "too deeply nested"
        if problem:
            raise MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self._nested = getattr(self, "_nested", 0) + 1
        node = super().compose_node(parent, index)
        self._nested -= 1
        return node


def read(path: Path) -> str:
    """The file's text with line ends as \\n.

    Raises:
        InputError: not a file, over MAX_BYTES, or not UTF-8.
    """
    try:
        with path.open("rb") as f:
            data = f.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the folder's name") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{path} is over {MAX_BYTES // 1_000_000} MB, which no plan is", _RESTORE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: not UTF-8 text", "save the file as UTF-8 in your editor") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, path: Path) -> Any:
    """The document in `text`: CommentedMap, CommentedSeq and str, with the lines they came from.

    Raises:
        InputError: not YAML, or more of YAML than a plan needs; names the line.
    """
    try:
        return _yaml().load(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(f"{path}, line {line}: a character that YAML does not allow", "delete it") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        problem = str(error.problem or error.context or "not YAML")
        raise InputError(f"{path}{where}: {_in_words(problem)}", _mend(problem)) from error
    except (YAMLError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
        # The parser's own slips on strange text; they must not reach a producer.
        raise InputError(f"{path} is not YAML that can be read", _RESTORE) from error


def dump(data: Any, dash: int = 2) -> str:
    """`data` as text; lists are indented by `dash` spaces."""
    out = io.StringIO()
    yaml = _yaml()
    yaml.indent(mapping=2, sequence=dash + 2, offset=dash)
    yaml.dump(data, out)
    return out.getvalue()


def scalar(text: str | None, *, flow: bool = False, bare: bool = False) -> str:
    """`text` so that it is read back as the same text; nothing at all for None.

    Args:
        flow: it stands on one line with others, where commas and brackets count.
        bare: a time, a number or a flag, which needs no quotes.
    """
    if text is None:
        return ""
    if bare:
        return text
    if not text or _UNPRINTABLE.search(text) or _AMBIGUOUS.fullmatch(text.strip()):
        return str_as(DoubleQuotedScalarString, text)
    wants_quotes = _SYNTAX.search(text) or (flow and _FLOW_SYNTAX.search(text))
    # Text with double quotes in it reads better in single ones, which ruamel chooses by itself.
    return str_as(DoubleQuotedScalarString, text) if wants_quotes and not re.search(r'["\\]', text) else text


def block(text: str) -> str:
    """Running text, one line a line, as a literal block where that gives it back letter for letter."""
    if text and all(_BLOCK_LINE.fullmatch(line) and not _UNPRINTABLE.search(line) for line in text.split("\n")):
        return str_as(LiteralScalarString, text)
    return str_as(DoubleQuotedScalarString, text)


def str_as(style: type[ScalarString], text: str) -> ScalarString:
    """`text`, marked to be written in a style of quotes or as a block."""
    made: ScalarString = style(text)
    return made


def is_nothing(value: object) -> bool:
    """Whether a value is left empty, or written as null or ~ without quotes."""
    return value is None or (
        isinstance(value, str)
        and not isinstance(value, ScalarString)
        and value.strip() in ("", "~", "null", "Null", "NULL")
    )


def flow_map(**values: str) -> CommentedMap:
    """A mapping on one line: {a: 1, b: 2}."""
    mapping = CommentedMap(values)
    mapping.fa.set_flow_style()
    return mapping


# The parser's terms, and what a person sees.
_WORDS = {
    r"'\t'": "a tab, where YAML wants spaces",
    "mapping values are not allowed": "a colon where none may be",
    "could not find expected ':'": "a line that is neither a key with a colon nor part of a text",
    "expected ',' or ']'": "a list in [ ] that is not closed, or lacks a comma",
    "expected ',' or '}'": "a group in { } that is not closed, or lacks a comma",
    "end of stream": "a quote that is not closed",
    "expected <block end>": "a line that is indented unlike its neighbours",
    "did not find expected": "a line that is indented unlike its neighbours",
    "cannot start any token": "a text that begins with a sign that means something in YAML",
    "but found another document": "a second document: a line of three dashes",
}
_RESTORE = "move the file away and run clipper find again, or restore it from a copy"


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Resolver = _AsWritten
    yaml.Composer = _Plain
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # lines are the person's
    return yaml


def _in_words(problem: str) -> str:
    if "found duplicate key" in problem:
        return problem.split(" with value")[0].replace("found duplicate key", "a second") + " in the same place"
    return next((words for part, words in _WORDS.items() if part in problem), problem)


def _mend(problem: str) -> str:
    if "found duplicate key" in problem:
        return "keep one of the two"
    if r"'\t'" in problem:
        return "replace the tab by two spaces"
    if "not used here" in problem or "too deeply" in problem:
        return "write the value out in full; a text that begins with * or & wants quotes"
    return 'check quotes, colons and indentation there; a text with ": " or " #" in it wants quotes'
