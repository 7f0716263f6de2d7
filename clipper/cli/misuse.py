"""Options and commands that there are not, or that lack something, said as every other error: two lines.

In: what the parser of the command line raised; out: our `UsageError`, in the program's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clipper.errors import UsageError

KINDS = {"integer": "a whole number", "number": "a number", "float": "a number", "boolean": "yes or no"}


def misused(error: Exception, arguments: Sequence[str]) -> UsageError | None:
    """The error for what the parser would not take; None for any other exception.

    Args:
        error: whatever came out of a command. The parser's own classes are no public part of typer (and were another
            package's until lately), so they are known by what they carry.
        arguments: as they were typed.
    """
    if not hasattr(error, "format_message"):
        return None
    context = getattr(error, "ctx", None)
    typed = " ".join(["clipper", *(a for a in arguments[:1] if a.isalpha())])
    command = str(getattr(context, "command_path", "") or typed)
    more = f"{command} --help says what there is"
    option, parameter = getattr(error, "option_name", None), getattr(error, "param", None)
    if option and hasattr(error, "possibilities"):
        near = sorted(error.possibilities or ())
        guess = f"did you mean {' or '.join(near)}? " if near else ""
        return UsageError(f"{command} has no option {option}", guess + more)
    if option:
        return UsageError(f"{option} wants a value", f"write one behind it, or leave {option} out; {more}")
    if parameter is not None:
        return _parameter(error, parameter, command, context, arguments)
    return _words(str(getattr(error, "message", "") or error), command, more)


def _parameter(error: Any, parameter: Any, command: str, context: Any, arguments: Sequence[str]) -> UsageError:
    """An argument or option that is missing, or has a value of another kind."""
    name = str(parameter.metavar or parameter.name).upper()
    options = [str(one) for one in getattr(parameter, "opts", ()) if str(one).startswith("-")]
    if hasattr(error, "param_type"):  # nothing was given
        lacking = max(options, key=len) if options else name
        usage = " ".join(str(context.get_usage()).replace("Usage:", "", 1).split()) if context is not None else command
        plain = usage.replace("[OPTIONS] ", "").replace("{", "").replace("}", "")
        return UsageError(f"{command} lacks {lacking}", f"write: {plain}")
    said = next((one for one in arguments if one.partition("=")[0] in options), max(options, key=len, default=name))
    option, _, value = said.partition("=")
    if not value and option in arguments[:-1]:
        value = arguments[arguments.index(option) + 1]
    kind = next((kind for word, kind in KINDS.items() if word in str(error.message)), "another value")
    wrong = f"{option} wants {kind}" + (f", not {value!r}" if value else "")
    help_ = str(getattr(parameter, "help", "") or "").rstrip(".")
    return UsageError(wrong, f"{option} is: {help_}" if help_ else f"{command} --help says what it takes")


def _words(message: str, command: str, more: str) -> UsageError:
    """What carries no more than its words: a command that there is not, words too many."""
    first, _, guess = message.partition(". Did you mean ")
    if first.startswith("No such command"):
        name = first.removeprefix("No such command").strip(" .'")
        near = guess.rstrip("?").replace("'", "")
        return UsageError(f"{command} has no command {name}", f"did you mean {near}? {more}" if near else more)
    if "extra argument" in first:
        words = first.partition("(s)")[2] or first.partition("argument")[2]
        return UsageError(
            f"{command} does not know what to do with {words.strip(' ()s')!r}",
            f"names with spaces want quotes around them; {more}",
        )
    return UsageError(first, more)
