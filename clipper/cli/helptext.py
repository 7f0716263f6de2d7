"""How --help reads: paragraphs run on to the edge of the window, and a switch does not look as if it took a value.

In: the program's command, with all commands below it; out: the same, for showing its help.
"""

from __future__ import annotations

import inspect
from typing import Any


def readable(command: Any) -> Any:
    """Mends what the help of a command and of those below it would look like, and gives it back."""
    said = inspect.cleandoc(command.help or "")
    command.help = "\n\n".join(" ".join(part.split()) for part in said.split("\n\n")) or None
    for parameter in command.params:
        if getattr(parameter, "is_flag", False) and parameter.metavar is None:
            parameter.metavar = ""
    for below in getattr(command, "commands", {}).values():
        readable(below)
    return command
