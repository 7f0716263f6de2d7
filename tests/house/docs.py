"""Writes docs/commands.md from the program itself: `python -m tests.house.docs --write` (part of `make format`)."""

from pathlib import Path

import typer.main

from clipper.cli.app import app
from tests.house.generated import write_or_show

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "commands.md"


def page() -> str:
    """The page as it must be."""
    group = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "Written from the program's own help by `make format`; do not edit by hand.",
        "",
        "Exit codes: 0 done; 2 wrong usage; 3 an input cannot be used; 4 something needed is missing; "
        "5 done, but a check fell short; 130 interrupted. `--verbose`, anywhere on the line, shows the traceback "
        "of an error.",
    ]
    for name, command in commands(group):
        words = [p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument"]
        lines += ["", f"## clipper {name}", "", f"    clipper {' '.join([name, *words, '[OPTIONS]'])}", ""]
        lines += [" ".join(part.split()) + "\n" for part in (command.help or "").split("\n\n")]
        lines += ["| option | what | default |", "| --- | --- | --- |"]
        for param in command.params:
            lines.append(row(param))
    return "\n".join(lines).rstrip() + "\n"


def commands(group, above: str = ""):
    """Every command with its whole name, those of a group in its place."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")
        else:
            yield above + name, command


def row(param) -> str:
    """A line of the table for one parameter."""
    if param.param_type_name == "argument":
        name = param.metavar or param.name.upper()
    else:
        name = ", ".join(param.opts)
        if not param.is_flag:
            name += f" {param.metavar or param.name.upper()}"
    default = param.show_default if isinstance(param.show_default, str) else param.default
    shown = "" if default in (None, False, ()) or callable(default) or param.required else str(default)
    return f"| `{name}` | {param.help or ''} | {shown} |"


if __name__ == "__main__":
    write_or_show(PAGE, page())
