"""Data goes one way through the rooms: no import runs back up, and none in a circle."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "clipper"
ORDER = ["episode", "speech", "highlights", "plan", "sound", "picture", "export", "publish", "batch", "outer"]
OUTER = {"cli", "studio"}
EVERYWHERE = {
    "editlist",
    "errors",
    "progress",
    "cache",
    "channels",
    "media",
    "memory",
    "span",
    "resources",
    "platforms",
    "counting",
    "tables",
    "show",
    "leftovers",
    "notify",
    "settings",
    "tidying",
    "__init__",
}
HEAVY = {"torch", "moviepy", "faster_whisper", "whisper", "ctranslate2", "av", "pydub", "feedparser", "httpx"}
HEAVY |= {"atproto", "mastodon", "boto3", "paramiko", "keyring", "requests", "googleapiclient", "xdk", "ray"}
# the one module that is a moviepy clip; it is itself only imported where a scene is drawn
MOVIEPY_AT_THE_TOP = {"picture/scene.py"}


def room(parts: tuple[str, ...]) -> str:
    name = parts[0] if parts else "__init__"
    return "outer" if name in OUTER or name == "__main__" else name


def imports(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += [(node.lineno, node.module)]
    return found


def files() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_templates" not in p.parts)


def test_no_import_runs_back_up():
    wrong = []
    for path in files():
        here = room(path.relative_to(PACKAGE).with_suffix("").parts)
        for line, module in imports(path):
            if not module.startswith("clipper.") or here == "outer":
                continue
            there = room(tuple(module.split(".")[1:]))
            place = f"{path.relative_to(PACKAGE)}:{line} imports {module}"
            if there in EVERYWHERE:
                continue
            if here in EVERYWHERE or ORDER.index(there) > ORDER.index(here):
                wrong.append(place)
    assert not wrong, "\n".join(wrong)


def test_no_circle():
    names = {
        ".".join(("clipper", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): p
        for p in files()
    }
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        graph[name] = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("clipper"):
                # "from package import module" needs the module, "from module import name" the module itself
                inside = {f"{node.module}.{a.name}" for a in node.names} & names.keys()
                graph[name] |= inside or {str(node.module)}

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        for other in graph.get(name, ()):
            walk(other, (*path, name))

    for name in graph:
        walk(name, ())


def test_heavy_packages_are_imported_only_where_they_are_used():
    wrong = []
    for path in files():
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            modules = []
            if isinstance(node, ast.Import):
                modules = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            for module in modules:
                top = module.split(".")[0]
                if top in HEAVY and not (top == "moviepy" and name in MOVIEPY_AT_THE_TOP):
                    wrong.append(f"{name}:{node.lineno} imports {module} at its top")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", files(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_file_has_one_subject(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""'), "its first lines say what comes in and what goes out"
    assert len(text.splitlines()) <= 400
