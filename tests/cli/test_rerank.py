"""`--rerank`: a real server that behaves, and one that misbehaves in every way that came to mind. The clips stay."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from clipper.batch.rerank import Failed, Server, ask, loopback, rerank, server
from clipper.episode.model import Episode
from clipper.errors import UsageError
from clipper.highlights.model import Candidate, Findings
from clipper.span import Span
from tests.conftest import Clipper

KEY = "sk-secret-4242"
TEXTS = ("The town saved for a bell.", "The smith tuned the bell by hand.", "Nobody in the village slept that night.")


class Model:
    """A server in the OpenAI chat form. `does` answers a request; what was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.does: Callable[[BaseHTTPRequestHandler], None] = lambda request: says(request, GOOD)
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                model.asked.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
                with suppress(OSError):  # whoever asked has had enough
                    model.does(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.web.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.web.server_address[1]}"


GOOD = '{"order": [3, 1, 2], "titles": {"1": "A bell for the town"}}'


def says(request: BaseHTTPRequestHandler, text: object) -> None:
    sends(request, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode())


def sends(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def model() -> Iterator[Model]:
    one = Model()
    thread = threading.Thread(target=one.web.serve_forever, daemon=True)
    thread.start()
    yield one
    one.web.shutdown()
    one.web.server_close()


@pytest.fixture(autouse=True)
def cache_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))


def findings() -> Findings:
    candidates = tuple(
        Candidate(span=Span(start=60.0 * n, end=60.0 * n + 30), first=n, last=n + 1, text=t, title=f"Title {n}")
        for n, t in enumerate(TEXTS)
    )
    return Findings(sentences=(), candidates=candidates, topics=(), notes=("before",))


def asked(url: str, patience: float = 5.0, key: str = KEY) -> tuple[Findings, bool, list[str]]:
    lines: list[str] = []
    one = Server(url + "/v1/chat/completions", "test", key)
    after, changed = rerank(findings(), Episode(), "en", one, tell=lines.append, patience=patience)
    return after, changed, lines


def test_the_order_and_titles_of_a_server_that_behaves_are_taken(model: Model) -> None:
    after, changed, lines = asked(model.url)
    assert changed
    assert [c.span.start for c in after.candidates] == [120.0, 0.0, 60.0]
    assert [c.title for c in after.candidates] == ["Title 2", "A bell for the town", "Title 1"]
    assert after.notes[0] == "before"
    assert "3 of 3 candidates moved and 1 retitled by test" in after.notes[1]
    assert len(lines) == 1
    assert f"3 passages ({sum(map(len, TEXTS))} characters" in lines[0]
    assert model.url.removeprefix("http://") in lines[0]


def test_only_the_words_go_out_and_the_key_only_in_its_header(model: Model) -> None:
    after, _, lines = asked(model.url)
    request = model.asked[0]
    assert request["path"] == "/v1/chat/completions"
    assert request["headers"]["Authorization"] == f"Bearer {KEY}"
    assert request["body"]["model"] == "test"
    sent = json.loads(request["body"]["messages"][1]["content"])
    assert sent == {"passages": [{"n": n, "text": t} for n, t in enumerate(TEXTS, 1)]}
    assert KEY not in json.dumps(request["body"]) + str(after.notes) + str(lines)


def test_the_same_question_is_not_sent_twice(model: Model) -> None:
    first, _, _ = asked(model.url)
    second, changed, lines = asked(model.url)
    assert changed
    assert second.candidates == first.candidates
    assert lines == []
    assert len(model.asked) == 1
    assert "nothing was sent" in second.notes[1]


def drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(40):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.2)


def drip_headers(request: BaseHTTPRequestHandler) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40:
        request.wfile.write(bytes([byte]))
        request.wfile.flush()
        time.sleep(0.2)


def endless(request: BaseHTTPRequestHandler) -> None:
    """10 GB, as far as anybody reads."""
    request.send_response(200)
    request.send_header("Content-Length", str(10**10))
    request.end_headers()
    for _ in range(10_000):
        request.wfile.write(b"x" * (1 << 20))


def packed(request: BaseHTTPRequestHandler) -> None:
    import gzip

    sends(request, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")


def cut_off(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "500")
    request.end_headers()
    request.wfile.write(b'{"choices": [')
    request.wfile.flush()
    request.connection.shutdown(socket.SHUT_RDWR)


def garbage(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"\x00\xff SSH-2.0-OpenSSH_9.6\r\n\r\n")


def sleep(request: BaseHTTPRequestHandler) -> None:
    time.sleep(8)


def refuses(request: BaseHTTPRequestHandler) -> None:
    error = {"error": {"message": f"Incorrect API key provided: {KEY}\x1b[31m\nTry again"}}
    sends(request, json.dumps(error).encode(), 401)


def elsewhere(request: BaseHTTPRequestHandler) -> None:
    sends(request, b"", 307, Location="http://192.0.2.7/v1/chat/completions")


MISDEEDS: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], str]] = {
    "sleeps": (sleep, "in time"),
    "drips its answer": (drip, "in time"),
    "drips its headers": (drip_headers, "in time"),
    "sends 10 GB": (endless, "larger than 1,000 kB"),
    "sends a bomb of gzip": (packed, "packs its answer"),
    "hangs up in the middle": (cut_off, "cannot be asked"),
    "speaks another protocol": (garbage, "cannot be asked"),
    "hangs up at once": (lambda r: r.connection.shutdown(socket.SHUT_RDWR), "cannot be asked"),
    "sends on to another host": (elsewhere, "another address, 192.0.2.7"),
    "sends on to a file": (lambda r: sends(r, b"", 307, Location="file:///etc/passwd"), "another address"),
    "sends on to another page": (lambda r: sends(r, b"", 302, Location="/login"), "write the address that it means"),
    "sends on in a circle": (lambda r: sends(r, b"", 307, Location=r.path), "more than 3 times"),
    "sends on to nowhere": (lambda r: sends(r, b"", 307, Location="http://[::bad"), "cannot be asked"),
    "refuses the key and says it aloud": (refuses, "refuses (401: Incorrect API key provided: ***"),
    "is down": (lambda r: sends(r, b"<html>Bad gateway</html>", 502), "refuses (502)"),
    "knows no such model": (lambda r: sends(r, b'{"error": "no model"}', 404), "--rerank-model"),
    "sends a page": (lambda r: sends(r, b"<html>hello</html>"), "not answer in the chat form"),
    "sends nothing": (lambda r: sends(r, b""), "not answer in the chat form"),
    "sends another form": (lambda r: sends(r, b'{"choices": [{"text": "hi"}]}'), "not answer in the chat form"),
    "sends a list": (lambda r: sends(r, b"[[[]]]"), "not answer in the chat form"),
    "sends a depth of brackets": (lambda r: sends(r, b"[" * 200_000), "not answer in the chat form"),
    "sends no text": (lambda r: says(r, None), "not answer in the chat form"),
    "sends half a letter": (lambda r: sends(r, b'{"choices":[{"message":{"content":"\\ud800"}}]}'), "cannot be used"),
    "talks nonsense": (lambda r: says(r, "Certainly! All of them are great."), "names no order"),
    "names passages that are not there": (lambda r: says(r, '{"order": [7, 8, 9]}'), "were not sent"),
    "names times": (lambda r: says(r, '{"order": ["99:59", "0:00"]}'), "were not sent"),
    "obeys an instruction in the talk": (lambda r: says(r, '{"order": [2, 2, 2]}'), "twice"),
}


@pytest.mark.parametrize("name", MISDEEDS)
def test_whatever_a_server_does_the_order_stays_and_a_note_says_why(name: str, model: Model) -> None:
    model.does, why = MISDEEDS[name]
    begun = time.monotonic()
    after, changed, _ = asked(model.url, patience=1.0 if "in time" in why else 20.0)
    assert not changed
    assert after.candidates == findings().candidates
    assert why in after.notes[-1]
    assert KEY not in after.notes[-1]
    assert after.notes[-1].isprintable()
    assert time.monotonic() - begun < 60


def test_after_a_fault_it_is_asked_again(model: Model) -> None:
    model.does = MISDEEDS["talks nonsense"][0]
    assert not asked(model.url)[1]
    model.does = lambda request: says(request, GOOD)
    assert asked(model.url)[1]


def test_nobody_there_is_a_note(model: Model) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    after, changed, _ = asked(f"http://127.0.0.1:{port}")
    assert not changed
    assert "cannot be asked" in after.notes[-1]


def test_a_redirect_on_the_same_server_is_followed(model: Model) -> None:
    def moved(request: BaseHTTPRequestHandler) -> None:
        if request.path.endswith("/new"):
            says(request, GOOD)
        else:
            sends(request, b"", 308, Location="/new")

    model.does = moved
    assert asked(model.url)[1]
    assert [r["headers"].get("Authorization") for r in model.asked] == [f"Bearer {KEY}"] * 2


def test_an_answer_of_many_bytes_costs_no_memory(model: Model) -> None:
    model.does = endless
    with pytest.raises(Failed, match="larger"):
        ask(Server(model.url + "/v1/chat/completions", "m"), {"messages": []}, 30.0)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("http://localhost:8080", "http://localhost:8080/v1/chat/completions"),
        ("http://localhost:8080/", "http://localhost:8080/v1/chat/completions"),
        ("http://[::1]:11434/v1/", "http://[::1]:11434/v1/chat/completions"),
        ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1/chat/completions"),
        ("https://example.com/openai?api-version=2", "https://example.com/openai/chat/completions?api-version=2"),
    ],
)
def test_the_address_may_be_that_of_server_version_or_chat(said: str, meant: str) -> None:
    assert server(said, None, offline=False, key="").url == meant


@pytest.mark.parametrize(
    ("url", "offline", "key", "why"),
    [
        ("localhost:8080", False, "", "no http address"),
        ("file:///etc/passwd", False, "", "no http address"),
        ("http://", False, "", "no http address"),
        ("http://a b/", False, "", "no http address"),
        ("http://host:99999", False, "", "no http address"),
        ("https://me:pw@example.com", False, "", "name or password"),
        ("https://example.com", True, "", "--offline forbids"),
        ("http://localhost.example.com", True, "", "--offline forbids"),
        ("http://127.0.0.1.nip.io", True, "", "--offline forbids"),
        ("http://example.com", False, KEY, "unprotected"),
        ("https://example.com", False, "bad\nkey", "signs that no key has"),
    ],
)
def test_addresses_that_cannot_or_may_not_be_asked_are_refused_first(
    url: str, offline: bool, key: str, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        server(url, None, offline=offline, key=key)


def test_this_machine_may_be_asked_offline() -> None:
    assert all(map(loopback, ("localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1")))
    assert not any(map(loopback, ("localhost.com", "10.0.0.1", "0x7f000001", "example.com", "")))
    assert server("http://127.0.0.1:1", "m", offline=True, key=KEY).model == "m"


TALK = "".join(
    f"The {a} of the harbour kept {n} {b}s in the {c} for years. Nobody asked why the {b} was there. "
    for n, (a, b, c) in enumerate(
        zip(
            ("baker", "pilot", "clerk", "miner", "tailor", "doctor", "farmer", "singer", "painter") * 5,
            ("lamp", "kettle", "ladder", "letter", "engine", "map", "boat") * 6 + ("rope", "bell", "clock"),
            ("attic", "cellar", "garden", "church", "school") * 9,
            strict=True,
        ),
        20,
    )
)


def test_the_command_says_what_it_sends_and_the_plan_has_the_order(
    clipper: Clipper, model: Model, tmp_path: Path
) -> None:
    page, words, out = tmp_path / "page.md", tmp_path / "talk.txt", tmp_path / "out"
    page.write_text("# The harbour\n\n* The kettle\n* The bell\n", encoding="utf-8")
    words.write_text(TALK, encoding="utf-8")
    model.does = lambda request: says(request, '{"order": [2, 1]}')
    call = ("find", page, "--transcript", words, "-o", out, "--offline", "--json")
    plain = clipper(*call)
    assert plain.code == 0, plain.err
    done = clipper(*call, "--rerank", model.url, "--rerank-model", "tiny", CLIPPER_RERANK_KEY=KEY)
    assert done.code == 0, done.err
    assert "--rerank: sends" in done.err
    assert KEY not in done.err + done.out
    before, after = (d.json["clips"] for d in (plain, done))
    assert [c["text"] for c in after] == [c["text"] for c in (before[1], before[0], *before[2:])]
    plan = (out / "clips.yaml").read_bytes()
    again = clipper(*call, "--rerank", model.url, "--rerank-model", "tiny", CLIPPER_RERANK_KEY=KEY)
    assert "nothing was sent" in again.err
    assert (out / "clips.yaml").read_bytes() == plan
    assert len(model.asked) == 1
    refused = clipper(*call, "--rerank", "https://example.com")
    assert refused.code == 2
    assert "--offline forbids" in refused.two_lines()[0]
