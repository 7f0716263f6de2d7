"""New episodes as they come: a server is asked only for what changed, growing files wait, nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from clipper.batch import watch
from clipper.batch.watch import look, pause
from clipper.errors import InputError
from tests.batch import tiny
from tests.batch.test_sources import feed, touched
from tests.conftest import ROOT, Clipper


class Server:
    """A feed's server as RFC 9110 wants it: an ETag, and 304 for who has it already."""

    def __init__(self) -> None:
        self.text, self.answers, self.files = "", list[int](), dict[str, bytes]()
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = served.files.get(self.path)
                tag = f'"{hash(served.text)}"'
                if body is None and self.headers.get("If-None-Match") == tag:
                    served.answers.append(304)
                    self.send_response(304)
                    self.end_headers()
                    return
                served.answers.append(200)
                self.send_response(200)
                self.send_header("ETag", tag)
                self.send_header("Content-Type", "application/rss+xml" if body is None else "audio/mpeg")
                self.end_headers()
                self.wfile.write(served.text.encode() if body is None else body)

            def log_message(self, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/feed"


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    thread = Thread(target=one.http.serve_forever, daemon=True)
    thread.start()
    yield one
    one.http.shutdown()
    one.http.server_close()


OLD = ("Old", "g1", "Mon, 02 Nov 2026 08:00:00 GMT")
NEW = ("New", "g2", "Mon, 30 Nov 2026 08:00:00 GMT")


def test_a_feed_is_asked_only_for_what_changed(server: Server, tmp_path: Path):
    server.text = feed(OLD, NEW)
    first = look(server.url, tmp_path)
    assert [item.title for item in first.items] == ["New"], "of what is there already, only the newest"
    assert pause(first.state, 15) == 45 * 60, "the feed's ttl"
    assert [item.title for item in look(server.url, tmp_path).items] == ["New"]
    assert server.answers == [200, 304]
    server.text = feed(("Newest", "g3", "Tue, 01 Dec 2026 08:00:00 GMT"), NEW, OLD)
    assert {item.title for item in look(server.url, tmp_path).items} == {"New", "Newest"}
    assert server.answers == [200, 304, 200]


def test_one_folder_watches_one_source(server: Server, tmp_path: Path):
    server.text = feed(OLD)
    look(server.url, tmp_path)
    with pytest.raises(InputError, match="watches"):
        look(server.url + "2", tmp_path)


def test_a_state_that_is_damaged_or_newer_is_told(server: Server, tmp_path: Path):
    for text, said in (("{", "cannot be used"), ('{"schema": 2}', "newer clipper")):
        (tmp_path / watch.NAME).write_text(text)
        with pytest.raises(InputError, match=said):
            look(server.url, tmp_path)


def test_a_file_that_still_grows_waits(tmp_path: Path):
    show, out = touched(tmp_path / "show", "a.md", "a.mp3", "b.mp3"), tmp_path / "out"
    out.mkdir()
    long_ago = time.time() - 3600
    for path in show.iterdir():
        os.utime(path, (long_ago, long_ago))
    with (show / "b.mp3").open("ab") as f:
        f.write(b"more")
    found = look(str(show), out)
    assert [item.name for item in found.items] == ["a"]
    assert found.notes == ["b waits: b.mp3 was changed a moment ago"]
    os.utime(show / "b.mp3", (long_ago, long_ago))
    assert [item.name for item in look(str(show), out).items] == ["a", "b"]


def test_a_clock_that_stands_wrong_does_not_hide_a_growing_file(tmp_path: Path):
    show, out = touched(tmp_path / "show", "a.mp3"), tmp_path / "out"
    out.mkdir()
    ahead = time.time() + 86_400
    os.utime(show / "a.mp3", (ahead, ahead))
    assert look(str(show), out).items == []
    (show / "a.mp3").write_bytes(b"grown since")
    os.utime(show / "a.mp3", (ahead, ahead))
    assert look(str(show), out).items == []
    assert [item.name for item in look(str(show), out).items] == ["a"]


def test_an_empty_folder_is_no_error(tmp_path: Path):
    (tmp_path / "show").mkdir()
    (tmp_path / "out").mkdir()
    assert look(str(tmp_path / "show"), tmp_path / "out").items == []


def test_once_makes_what_is_new_and_nothing_twice(server: Server, tmp_path: Path, clipper: Clipper):
    page = tiny.episode(tmp_path / "show", 0)
    server.files["/g2.mp3"] = page.with_suffix(".mp3").read_bytes()
    server.text = feed(NEW, OLD).replace("https://x.example/", server.url.removesuffix("feed"))
    words = ["watch", server.url, "-o", tmp_path / "out", "--once", "--json", "--count", 1, "--min", 3, "--max", 9,
             "--quality", "draft", "--formats", "square", "--language", "en"]  # fmt: skip
    done = clipper(*words)
    assert done.code == 0, done.err
    (row,) = done.json["episodes"]
    assert (row["name"], row["state"], row["clips"]) == ("2026-11-30-new", "done", 1), done.err
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.mp4")}
    asked = len(server.answers)
    assert [row["state"] for row in clipper(*words).json["episodes"]] == ["unchanged"]
    assert server.answers[asked:] == [304]
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.mp4")} == before


def test_a_service_bears_a_server_that_is_down_and_ends_when_told(server: Server, tmp_path: Path):
    server.text = "<html>under repair</html>"
    process = subprocess.Popen(
        [sys.executable, "-m", "clipper", "watch", server.url, "-o", str(tmp_path / "out"), "--every", "0.01"],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline().startswith("error: ")
    server.text = feed().replace("</channel>", "<item><title>x</title></item></channel>")
    deadline = time.monotonic() + 30
    while not (tmp_path / "out" / watch.NAME).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert json.loads((tmp_path / "out" / watch.NAME).read_text())["source"] == server.url
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert not (tmp_path / "out" / ".clipper-lock").exists()
