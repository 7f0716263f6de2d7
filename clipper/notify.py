"""Tells a command or a webhook of the user's what became of an episode. In: an event; out: nothing, or what went wrong.

What is told: {"event": "finished" or "failed", "name", "title", "out", "clips", "seconds", "error", "mend"}. A command
gets it on its stdin and is started without a shell; an address gets it as a POST. Whatever they answer, work goes on.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from clipper.errors import MissingError, UsageError, one_line

PATIENCE = 20.0  # seconds for a command or a webhook

Notifier = Callable[[str, Any], str]


def notifier(target: str | None, *, offline: bool = False) -> Notifier:
    """What tells `target`; nothing where there is none. Gives an empty text, or one line of what went wrong.

    Raises:
        UsageError: the command cannot be split into words, or is none.
        MissingError: an address although clipper is offline.
    """
    if target is None or not target.strip():
        return lambda event, row: ""
    if target.startswith(("http://", "https://")):
        if offline:
            raise MissingError("--notify names an address, and clipper is offline", "leave one of the two out")
        return lambda event, row: _post(target, told(event, row))
    try:
        words = shlex.split(target)
    except ValueError as error:
        raise UsageError(f"--notify {target!r} is no command: {error}", "check its quotes") from error
    return lambda event, row: _run(words, told(event, row))


def told(event: str, row: Any) -> dict[str, Any]:
    """The event as it is told."""
    return {
        "event": event, "name": row.item.name, "title": row.episode.title or row.item.title, "out": str(row.out),
        "clips": row.episode.clips, "seconds": row.episode.seconds, "error": row.episode.message or None,
        "mend": row.episode.mend or None,
    }  # fmt: skip


def _run(words: list[str], event: dict[str, Any]) -> str:
    try:
        done = subprocess.run(
            words, input=json.dumps(event, ensure_ascii=False).encode(), capture_output=True, timeout=PATIENCE,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"--notify: {one_line(words[0], 80)} took longer than {PATIENCE:.0f} s and was ended"
    except OSError as error:
        return f"--notify: {one_line(words[0], 80)} cannot be started: {error.strerror}"
    said = one_line(done.stderr.decode("utf-8", "replace"), 120)
    return f"--notify: {one_line(words[0], 80)} ended with code {done.returncode}: {said}" if done.returncode else ""


def _post(address: str, event: dict[str, Any]) -> str:
    import httpx

    host = urlsplit(address).hostname or "the address"  # without the password that may stand before it
    try:
        answer = httpx.post(address, json=event, timeout=PATIENCE, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return f"--notify: {host} cannot be told: {one_line(str(error), 120) or type(error).__name__}"
    return f"--notify: {host} answers {answer.status_code}" if answer.status_code >= 300 else ""
