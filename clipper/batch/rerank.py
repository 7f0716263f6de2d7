"""Asks a language model's server for its opinion of the shortlist (--rerank). In: findings and an address; out:
findings in another order, or the same with a note why.

Speaks the OpenAI chat form, which llama.cpp, Ollama and clouds have in common. What goes where is told before it is
sent. Whatever the server does, the candidates stay and the search goes on: a fault is a note, never an error.
"""

from __future__ import annotations

import ipaddress
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from clipper import __version__, cache
from clipper.errors import UsageError, one_line
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    import httpx

    from clipper.episode.model import Episode
    from clipper.highlights.model import Findings

KEY = "CLIPPER_RERANK_KEY"
STAGE, VERSION = "rerank", 1
MODEL = "default"  # what servers with a single model do not look at
CONNECT = 10.0  # seconds to connect
PATIENCE = 300.0  # seconds in all: a small model on a laptop's processor thinks for minutes before its first byte
BYTES = 1_000_000  # of an answer; a real one has a few thousand
REDIRECTS = 3
TOKENS = 2_000  # that the model may write


class Failed(Exception):  # noqa: N818 (it is no error: it becomes a note)
    """Why there is no answer, in words that may be shown."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a model is asked; `key` is sent to this server only, and never shown."""

    url: str
    model: str
    key: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def server(url: str, model: str | None, *, offline: bool, key: str | None = None) -> Server:
    """The server behind --rerank.

    Args:
        url: of the server (http://localhost:8080), of its version (.../v1), or of its chat (.../v1/chat/completions).
        model: its name there; null for servers that have only one.
        offline: whether only this machine may be asked.
        key: null: from the environment variable CLIPPER_RERANK_KEY.

    Raises:
        UsageError: no address that can be asked, or not with these options.
    """
    key = os.environ.get(KEY, "").strip() if key is None else key
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or any(not c.isprintable() or c == " " for c in url.strip()):
        raise UsageError(f"--rerank {url!r} is no http address", "write it as http://localhost:8080")
    if parts.username or parts.password:
        raise UsageError("--rerank has a name or password in its address", f"put the key into {KEY}")
    if offline and not loopback(host):
        raise UsageError(
            f"--offline forbids to ask {host}", "leave one of the two out, or ask a server on this machine"
        )
    if not key.isascii() or any(not c.isprintable() or c == " " for c in key):
        raise UsageError(f"{KEY} holds signs that no key has", "set it again")
    if key and parts.scheme == "http" and not loopback(host):
        raise UsageError(f"the key in {KEY} would go to {host} unprotected", "use https, or unset it")
    path = parts.path.rstrip("/")
    if not path:
        path = "/v1"
    if not path.endswith("/chat/completions"):
        path += "/chat/completions"
    return Server(urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")), model or MODEL, key)


def loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host.rstrip(".").casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def rerank(
    findings: Findings,
    episode: Episode,
    language: str,
    asked: Server,
    *,
    tell: Callable[[str], None],
    progress: Progress = silent,
    patience: float = PATIENCE,
) -> tuple[Findings, bool]:
    """The findings in the order of a language model, or as they were, and which; a note says it and why.

    Args:
        language: of the talk, as a code.
        tell: gets a line that says what is sent where, before it is sent.
        patience: seconds for the whole answer.
    """
    from clipper.highlights.language import language as lists
    from clipper.highlights.rerank import Unusable, messages, opinion, reordered

    if len(findings.candidates) < 2:
        return _noted(findings, "--rerank: there is nothing to put in order"), False
    body = {
        "model": asked.model, "messages": messages(findings.candidates), "temperature": 0, "max_tokens": TOKENS,
        "stream": False,
    }  # fmt: skip
    kept = cache.entry(STAGE, cache.key(STAGE, VERSION, url=asked.url, body=body) + ".txt")
    try:
        answer = kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        answer = ""
    fresh = not answer
    if fresh:
        letters = sum(len(c.text) for c in findings.candidates)
        tell(
            f"--rerank: sends {len(findings.candidates)} passages ({letters:,} characters of what is said, nothing "
            f"else of the episode) to {asked.host}, model {asked.model}"
        )
        progress("rerank", 0, 1)
        try:
            answer = ask(asked, body, patience)
        except Failed as error:
            return _noted(findings, f"--rerank: {_hidden(str(error), asked)}; the order stays as it was"), False
        progress("rerank", 1, 1)
    try:
        told = opinion(answer, findings.candidates, episode, lists(language))
    except Unusable as error:
        return _noted(findings, f"--rerank: the answer of {asked.host} cannot be used, {error}; the order stays"), False
    if fresh:
        cache.write_text(kept, answer)
    moved = sum(1 for place, k in enumerate(told.order) if place != k)
    source = "" if fresh else ", as it answered before: nothing was sent"
    note = (
        f"--rerank: {moved} of {len(told.order)} candidates moved and {len(told.titles)} retitled by {asked.model} at "
        f"{asked.host}{source}"
    )
    candidates = reordered(findings.candidates, told)
    return _noted(findings.model_copy(update={"candidates": candidates}), note, *told.refused), True


def ask(asked: Server, body: dict[str, Any], patience: float = PATIENCE) -> str:
    """The text that the server's model wrote.

    Raises:
        Failed: anything else than such a text in time.
    """
    done: dict[str, Any] = {}

    def work() -> None:
        try:
            done["text"] = _asked(asked, body, patience)
        except Failed as error:
            done["fault"] = error
        except Exception as error:  # whatever a server makes a library raise, the search goes on
            done["fault"] = Failed(f"{asked.host} cannot be asked: {type(error).__name__}")

    # a server that sends its headers one byte a minute never lets the library's own time run out
    worker = threading.Thread(target=work, daemon=True, name="rerank")
    worker.start()
    worker.join(patience + 1.0)
    if "text" in done:
        return str(done["text"])
    raise done.get("fault") or Failed(f"{asked.host} does not answer in time")


def _asked(asked: Server, body: dict[str, Any], patience: float) -> str:
    import httpx

    home = urlsplit(asked.url)
    url, until = asked.url, time.monotonic() + patience
    headers = {"User-Agent": f"clipper/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
    if asked.key:
        headers["Authorization"] = f"Bearer {asked.key}"
    waits = httpx.Timeout(patience, connect=min(CONNECT, patience))
    try:
        # what is meant for this machine goes through no proxy
        with httpx.Client(timeout=waits, follow_redirects=False, trust_env=not loopback(home.hostname or "")) as client:
            for _ in range(REDIRECTS + 1):
                with client.stream("POST", url, json=body, headers=headers) as answer:
                    if not answer.is_redirect:
                        return _text(asked, answer, _body(asked, answer, until))
                    url = str(answer.url.join(answer.headers["location"]))
                    there = urlsplit(url)
                    if (there.scheme, there.netloc) != (home.scheme, home.netloc):
                        raise Failed(f"{asked.host} sends on to another address, {there.netloc or url}: not followed")
                    if answer.status_code not in (307, 308):
                        raise Failed(f"{asked.host} sends on to {there.path}: write the address that it means")
            raise Failed(f"{asked.host} sends on more than {REDIRECTS} times")
    except httpx.TimeoutException as error:
        raise Failed(f"{asked.host} does not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        raise Failed(f"{asked.host} cannot be asked: {one_line(str(error), 120) or type(error).__name__}") from error


def _body(asked: Server, answer: httpx.Response, until: float) -> bytes:
    """The answer's bytes, no more than BYTES of them."""
    if answer.headers.get("content-encoding", "identity").strip().casefold() not in ("", "identity"):
        raise Failed(f"{asked.host} packs its answer although it was asked not to")
    gathered = bytearray()
    for piece in answer.iter_raw():
        gathered += piece
        if len(gathered) > BYTES:
            raise Failed(f"the answer of {asked.host} is larger than {BYTES // 1000:,} kB")
        if time.monotonic() > until:
            raise Failed(f"{asked.host} does not answer in time")
    return bytes(gathered)


def _text(asked: Server, answer: httpx.Response, raw: bytes) -> str:
    """What the model wrote, out of the chat form."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    if answer.status_code != 200:
        reason = told.get("error") if isinstance(told, dict) else None
        reason = reason.get("message") if isinstance(reason, dict) else reason
        said = f": {one_line(reason, 120)}" if isinstance(reason, str) and reason.strip() else ""
        hint = f"; is {KEY} set?" if answer.status_code in (401, 403) else ""
        hint = "; name the model with --rerank-model" if answer.status_code in (400, 404) else hint
        raise Failed(f"{asked.host} refuses ({answer.status_code}{said}){hint}")
    try:
        text = told["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        text = None
    if not isinstance(text, str) or not text.strip():
        raise Failed(f"{asked.host} does not answer in the chat form")
    return text.encode("utf-8", "replace").decode("utf-8")


def _hidden(text: str, asked: Server) -> str:
    """A server may say the key in its answer; we do not say it again."""
    return text.replace(asked.key, "***") if asked.key else text


def _noted(findings: Findings, *notes: str) -> Findings:
    return findings.model_copy(update={"notes": (*findings.notes, *(one_line(n) for n in notes))})
