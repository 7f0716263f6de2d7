"""Writes docs/clipper.1, the man page, from the program: `python -m tests.house.man --write` (in `make format`)."""

import typer.main

from clipper import __version__
from clipper.cli.app import app
from tests.house.docs import ROOT, commands
from tests.house.generated import write_or_show

PAGE = ROOT / "docs" / "clipper.1"


def page() -> str:
    """The page as it must be, in roff."""
    group = typer.main.get_command(app)
    lines = [
        f'.TH CLIPPER 1 "" "clipper {__version__}" "User Commands"',
        ".SH NAME", f"clipper \\- {plain(group.help or '')}",
        ".SH SYNOPSIS", ".B clipper", "\\fICOMMAND\\fR [\\fIOPTIONS\\fR]",
        ".SH COMMANDS",
    ]  # fmt: skip
    for name, command in commands(group):
        words = [p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument"]
        lines += [f".SS {plain(' '.join(['clipper', name, *words]))}"]
        for part in (command.help or "").split("\n\n"):
            lines += [".PP", plain(" ".join(part.split()))]
        for param in command.params:
            if param.param_type_name == "option":
                metavar = "" if param.is_flag else f" \\fI{plain(param.metavar or param.name.upper())}\\fR"
                lines += [".TP", f"\\fB{plain(', '.join(param.opts))}\\fR{metavar}", plain(param.help or "")]
    lines += [
        ".SH EXIT STATUS",
        "0 done; 2 wrong usage; 3 an input cannot be used; 4 something needed is missing; 5 done, but something fell",
        "short; 130 interrupted.",
        ".SH FILES", ".TP", "clipper.toml", "What holds for a show; beside its episodes.",
        ".SH SEE ALSO", ".BR ffmpeg (1)",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """`text` as roff takes it: no line begins with a dot, hyphens and backslashes are meant."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("[bold]", "").replace("[/bold]", "")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    write_or_show(PAGE, page())
