"""Every error that a page can be told, as a template read from the source: what the German catalogue must have.

In: the program's source; out: texts with {1}, {2} for what is put in. As a program it prints those that lack German.

python -m tests.studio.said
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "clipper"
CATALOGUE = PROGRAM / "studio" / "static" / "i18n" / "said.de.json"
BY_NAME = ("bad", "Fault")  # what makes an answer of the texts it is given
# what no click can lead to: other commands, whole archives, learning, making templates
NOT = ("batch/executors", "batch/instance", "batch/learn", "batch/many", "batch/record", "batch/since", "batch/site",
       "batch/sources", "batch/support", "batch/watch", "batch/work", "batch/own", "export/own", "highlights/learn",
       "notify", "picture/template/begin", "picture/survey", "picture/preview_sheet", "plan/session", "batch/review",
       "tidying", "publish/answers", "publish/oauth", "settings", "channels")  # fmt: skip
SAYS = ("say", "edge_notes")
COMMANDS = ("publish", "publishing", "posts")  # of cli/, those that the page runs


def files() -> Iterator[Path]:
    """The source whose errors can reach a page."""
    for path in sorted(PROGRAM.rglob("*.py")):
        name = path.relative_to(PROGRAM).with_suffix("").as_posix()
        if name.startswith("cli/") and name.removeprefix("cli/") not in COMMANDS:
            continue
        if not name.startswith(NOT):
            yield path


@cache
def kinds() -> frozenset[str]:
    """The names of all errors of clipper's own."""
    found = {"ClipperError"}
    classes = [n for p in PROGRAM.rglob("*.py") for n in ast.walk(_tree(p)) if isinstance(n, ast.ClassDef)]
    for _ in range(4):
        found |= {c.name for c in classes if any(_name(b) in found for b in c.bases)}
    return frozenset(found)


def templates() -> dict[str, str]:
    """Text by template, with the place that says it first."""
    out: dict[str, str] = {}
    for path in files():
        tree = _tree(path)
        fixed = _assigned(tree.body)
        for scope in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]:
            known = {**fixed, **_assigned([n for n in ast.walk(scope) if isinstance(n, ast.stmt)])}
            for call in [n for n in ast.walk(scope) if isinstance(n, ast.Call)]:
                if _name(call.func) in kinds() or _name(call.func) in BY_NAME or _is_super(call):
                    for argument in [*call.args, *[k.value for k in call.keywords]]:
                        for text in _texts(argument, known):
                            if worth(text):
                                out.setdefault(text, f"{path.relative_to(ROOT)}:{call.lineno}")
    return out


def remarks() -> dict[str, str]:
    """What a card and a check say: reasons, warnings, notes of borders, names and mends of verdicts."""
    out: dict[str, str] = {}
    for path in [*sorted((PROGRAM / "highlights").rglob("*.py")), PROGRAM / "plan" / "edits.py"]:
        tree, place = _tree(path), path.relative_to(ROOT).as_posix()
        for scope in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
            if scope.name not in SAYS and path.name != "warnings.py":
                continue
            known = _assigned([n for n in ast.walk(scope) if isinstance(n, ast.stmt)])
            values = [n.value for n in ast.walk(scope) if isinstance(n, ast.Return) and n.value is not None]
            values += [n.args[0] for n in ast.walk(scope) if isinstance(n, ast.Call) and _name(n.func) == "append"]
            values += [value for one in known.values() for value in one if scope.name == "say"]
            for text in [text for value in values for text in _texts(value, known)]:
                if worth(text) and text[0] != "“":
                    out.setdefault(text, f"{place}:{scope.lineno}")
        for call in [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) in ("Count", "Meaning")]:
            for text in _texts(call.args[-1], {}):
                out.setdefault(text, f"{place}:{call.lineno}")
    yaml = _tree(PROGRAM / "plan" / "yamltext.py")
    for node in ast.walk(yaml):
        values: list[ast.expr] = []
        if isinstance(node, ast.FunctionDef) and node.name == "_mend":
            values = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
        elif isinstance(node, ast.Assign) and _name(node.targets[0]) == "_WORDS" and isinstance(node.value, ast.Dict):
            values = node.value.values
        out.update({t: "clipper/plan/yamltext.py" for value in values for t in _texts(value, {})})
    for path in sorted((PROGRAM / "export" / "checks").rglob("*.py")):
        tree = _tree(path)
        known = _assigned([n for n in ast.walk(tree) if isinstance(n, ast.stmt)])
        for call in [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) == "Verdict"]:
            for argument in (
                *call.args[:1],
                *call.args[-1:],
                *[k.value for k in call.keywords if k.arg in ("name", "mend")],
            ):
                for text in _texts(argument, known):
                    if re.search("[a-z]{2}", text):
                        out.setdefault(text, f"{path.relative_to(ROOT)}:{call.lineno}")
    return out


def worth(text: str) -> bool:
    """Whether there is something to translate."""
    return len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\d\}", "", text))) > 1 and text.count(" ") > 1


def catalogue() -> dict[str, str]:
    """The German texts by template."""
    found: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return found


def _texts(node: ast.expr, known: dict[str, list[ast.expr]], depth: int = 0) -> list[str]:
    """All that an expression may say, with placeholders numbered in each."""
    return [_numbered(t) for t in _raw(node, known, depth)]


def _raw(node: ast.expr, known: dict[str, list[ast.expr]], depth: int) -> list[str]:
    if isinstance(node, ast.Constant):
        return [_escaped(node.value)] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(_escaped(v.value) if isinstance(v, ast.Constant) else "\x00" for v in node.values)]
    if isinstance(node, ast.IfExp):
        return [*_raw(node.body, known, depth), *_raw(node.orelse, known, depth)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_raw(side, known, depth) or ["\x00"] for side in (node.left, node.right)]
        return [a + b for a in sides[0] for b in sides[1]]
    if isinstance(node, ast.Name) and node.id in known and depth < 3:
        return [text for value in known[node.id] for text in _raw(value, known, depth + 1)]
    return []


def _escaped(text: str) -> str:
    return text.replace("\x00", "")


def _numbered(text: str) -> str:
    parts = re.split("\x00+", text)
    return parts[0] + "".join(f"{{{i}}}{part}" for i, part in enumerate(parts[1:], 1))


def _assigned(body: list[ast.stmt]) -> dict[str, list[ast.expr]]:
    out: dict[str, list[ast.expr]] = {}
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Name):
                out.setdefault(target.id, []).append(value)
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                for one, what in zip(target.elts, value.elts, strict=False):
                    if isinstance(one, ast.Name):
                        out.setdefault(one.id, []).append(what)
    return out


def _is_super(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func) == "super().__init__"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def main() -> None:
    known = catalogue() if CATALOGUE.is_file() else {}
    for text, place in {**templates(), **remarks()}.items():
        if text not in known:
            print(f"{json.dumps(text, ensure_ascii=False)}  # {place}")


if __name__ == "__main__":
    main()
