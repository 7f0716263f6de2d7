"""A command or a webhook of the user's is told; whatever it answers, work goes on and one line says what went wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from clipper import notify
from clipper.errors import MissingError, UsageError
from clipper.notify import notifier

ROW = SimpleNamespace(
    item=SimpleNamespace(name="bells", title="Bells"),
    out=Path("clips/bells"),
    episode=SimpleNamespace(title="Bells & Co", clips=3, seconds=9.5, message="", mend=""),
)
TOLD = {
    "event": "finished", "name": "bells", "title": "Bells & Co", "out": "clips/bells", "clips": 3, "seconds": 9.5,
    "error": None, "mend": None,
}  # fmt: skip


class Hook:
    """A web server that keeps what it is told and answers with `status`."""

    def __init__(self) -> None:
        self.status, self.got = 204, list[tuple[str, dict[str, Any]]]()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((self.path, json.loads(body)))
                self.send_response(hook.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.http.server_address[1]}"


@pytest.fixture
def hook() -> Iterator[Hook]:
    one = Hook()
    Thread(target=one.http.serve_forever, daemon=True).start()
    yield one
    one.http.shutdown()
    one.http.server_close()


def test_a_webhook_gets_a_post(hook: Hook):
    assert notifier(f"http://{hook.host}/hook?key=1")("finished", ROW) == ""
    assert hook.got == [("/hook?key=1", TOLD)]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_a_webhook_answers_is_told_in_one_line_and_not_followed(status: int, hook: Hook):
    hook.status = status
    said = notifier(f"http://ada:secret@{hook.host}/hook")("failed", ROW)
    assert said == f"--notify: 127.0.0.1 answers {status}"
    assert len(hook.got) == 1


def test_a_webhook_that_is_not_there_is_told_without_its_password():
    said = notifier("http://ada:secret@127.0.0.1:9/hook")("finished", ROW)
    assert said.startswith("--notify: 127.0.0.1 cannot be told: ")
    assert "secret" not in said


def test_a_command_gets_the_same_on_its_input(tmp_path: Path):
    place = tmp_path / "told"
    code = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    assert notifier(f"{sys.executable} -c '{code.replace(chr(39), chr(34))}' {place}")("finished", ROW) == ""
    assert json.loads(place.read_text()) == TOLD


def test_a_command_that_hangs_fails_or_is_not_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notify, "PATIENCE", 0.3)
    assert "took longer than" in notifier("sleep 30")("finished", ROW)
    assert "ended with code 1" in notifier("false")("finished", ROW)
    assert "cannot be started" in notifier("/nowhere/tell-me")("finished", ROW)


def test_what_cannot_be_told_at_all_is_an_error_before_any_work():
    with pytest.raises(UsageError, match="is no command"):
        notifier("tell 'me")
    with pytest.raises(MissingError, match="offline"):
        notifier("https://example.org/hook", offline=True)
    assert notifier(None)("finished", ROW) == ""
