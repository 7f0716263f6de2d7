"""Writes the table of apps in docs/networks.md from networks.toml: `python -m tests.house.network_page --write`.

Part of make format; what stands around the table is written by hand.
"""

import re
import sys
from pathlib import Path

from clipper.publish.facts import SignIn, facts, names

PAGE = Path(__file__).parents[2] / "docs" / "networks.md"
HEAD = "| network | way back to enter | scopes | approval |\n| --- | --- | --- | --- |\n"
_TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")


def page(text: str) -> str:
    """The page with the table as the facts have it."""
    rows = "".join(
        f"| `{name}` | {_back(facts(name).signin)} | {_scopes(name)} | {facts(name).approval} |\n" for name in names()
    )
    made, count = _TABLE.subn(lambda _: HEAD + rows, text)
    assert count == 1, "docs/networks.md has lost its table of apps"
    return made


def _back(signin: SignIn) -> str:
    if signin.entered or signin.back:
        return signin.entered or signin.back
    return f"http://{signin.host}:{signin.port}/" if signin.port else f"http://{signin.host}/ (any port)"


def _scopes(name: str) -> str:
    return ", ".join(scope.rpartition("/")[2] for scope in facts(name).signin.scopes)


def main() -> None:
    made = page(PAGE.read_text(encoding="utf-8"))
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)


if __name__ == "__main__":
    main()
