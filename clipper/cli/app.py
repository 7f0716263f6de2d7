"""The command line: one program, a command a file, errors as two lines.

Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from clipper import __version__
from clipper.cli.batch import batch
from clipper.cli.cache import app as cache
from clipper.cli.check import check
from clipper.cli.config import config
from clipper.cli.doctor import doctor
from clipper.cli.episode import episode
from clipper.cli.find import find
from clipper.cli.learn import learn
from clipper.cli.login import login
from clipper.cli.make import make
from clipper.cli.pack import pack
from clipper.cli.pick import pick
from clipper.cli.posts import posts, unpublish
from clipper.cli.publish import publish
from clipper.cli.render import render
from clipper.cli.review import review
from clipper.cli.site import site
from clipper.cli.studio import studio
from clipper.cli.support import support_bundle
from clipper.cli.templates import app as templates
from clipper.cli.transcribe import transcribe
from clipper.cli.watch import watch

app = typer.Typer(
    name="clipper",
    help="Turns a podcast episode into short promo videos, on this machine, offline.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    *(make, batch, watch, site, find, pick, studio, render, check, pack, review),
    *(publish, login, posts, unpublish),
    *(learn, transcribe, episode, config, doctor, support_bundle),
)
LEAST_MEMORY = 300_000_000  # bytes of address space; hearing and drawing take several times as much
STOPPED = "\nstopped; what is finished is kept, the same command goes on from there\n"
for command in COMMANDS:
    app.command()(command)
app.add_typer(templates, name="templates")
app.add_typer(cache, name="cache")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"clipper {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Turns a podcast episode into short promo videos, on this machine, offline."""


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    arguments = sys.argv[1:]
    verbose = "--verbose" in arguments
    if verbose:  # wanted anywhere on the line, not only before the command
        arguments = ["--verbose", *(a for a in arguments if a != "--verbose")]
    for name in ("SIGTERM", "SIGHUP"):  # the end of a service, of a terminal: as Ctrl-C
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays what it is
            signal.signal(number, _interrupt)
    sys.exit(run(arguments, verbose=verbose))


def run(arguments: list[str], *, verbose: bool = False) -> int:
    """Runs one command and gives its exit code; errors are two lines on stderr."""
    from clipper.cli.console import report_crash, report_error
    from clipper.cli.helptext import readable
    from clipper.cli.misuse import misused
    from clipper.errors import ClipperError, Exit, memory_ran_out, out_of_memory

    try:
        _room_to_begin()
        ended = readable(typer.main.get_command(app))(args=arguments, prog_name="clipper", standalone_mode=False)
        return ended if isinstance(ended, int) else 0
    except typer.Abort:  # Ctrl-C or Ctrl-D at a question
        sys.stderr.write(STOPPED)
        return int(Exit.INTERRUPTED)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except ClipperError as error:
        report_error(error, verbose=verbose)
        return int(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write(STOPPED)
        return int(Exit.INTERRUPTED)
    except MemoryError:
        report_error(out_of_memory(), verbose=verbose)
        return int(Exit.MISSING)
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last guard: a producer never sees a traceback unless asked for
        if memory_ran_out(error):
            report_error(out_of_memory(), verbose=verbose)
            return int(Exit.MISSING)
        if type(error).__name__ == "NoArgsIsHelpError":  # the help itself, which newer versions have printed by now
            sys.stderr.write(str(error))
            return int(Exit.USAGE)
        wrong = misused(error, arguments)
        if wrong is not None:
            report_error(wrong, verbose=verbose)
            return int(wrong.exit_code)
        report_crash(error, verbose=verbose)
        return 1


def _room_to_begin() -> None:
    """Says that there is too little memory while it can still be said: libraries of other languages abort the process.

    Raises:
        MissingError: this process may use less than what importing numpy and pydantic takes.
    """
    from clipper.errors import out_of_memory

    try:
        import resource
    except ImportError:  # Windows
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if 0 < allowed < LEAST_MEMORY:
        raise out_of_memory(f"this process may use {allowed // 1_000_000} MB")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
