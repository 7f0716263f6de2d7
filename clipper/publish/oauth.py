"""OAuth 2 for a program without a server: the browser comes back to this machine with a code, PKCE and state guard it.

In: a network's addresses and the app's id; out: tokens. Source: RFC 8252 (native apps), RFC 7636 (PKCE), RFC 6749.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socketserver
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from clipper.errors import MissingError
from clipper.publish.errors import PublishError, Refused
from clipper.publish.secrets import remember
from clipper.publish.web import Web

PATIENCE = 300.0  # seconds that a person has for saying yes in the browser


@dataclass(frozen=True, slots=True)
class Flow:
    """How one network does it.

    Attributes:
        authorise: the page that asks the person.
        token: where the code is changed into tokens.
        scopes: the rights that posting needs, no others.
        separator: between scopes: a space, or a comma (TikTok, Meta).
        client_key: what the network calls the app's id: client_id, or client_key (TikTok).
        port: of the way back, where the network wants it registered to the letter; 0: any that is free.
        host: of the way back: "127.0.0.1" (RFC 8252), or "localhost" where a network wants that.
        pkce: whether the network takes a challenge; where it does not, `state` alone guards the way back.
        in_hex: whether it wants the challenge in hex (TikTok) instead of RFC 7636's base64url.
        back: the way back of a network that takes https addresses only: nobody listens there, and the person pastes the
            address at which the browser ended; "" for a way back to this machine.
        extra: further parameters of the page, such as access_type=offline.
    """

    authorise: str
    token: str
    scopes: tuple[str, ...]
    separator: str = " "
    client_key: str = "client_id"
    port: int = 0
    host: str = "127.0.0.1"
    pkce: bool = True
    in_hex: bool = False
    back: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Attributes:
    access, refresh: as the network gave them; refresh is "" where it gives none.
    expires: seconds from now; None where it does not say.
    raw: the whole answer, for what else a network puts into it.
    """

    access: str
    refresh: str
    expires: float | None
    raw: Mapping[str, Any]

    def __repr__(self) -> str:
        return "Tokens(•••)"


def sign_in(
    flow: Flow,
    web: Web,
    client_id: str,
    client_secret: str,
    show: Callable[[str], None],
    patience: float = PATIENCE,
    register: Callable[[str], tuple[str, str]] | None = None,
    ask: Callable[[str], str] | None = None,
) -> Tokens:
    """Lets a person say yes in their browser, and fetches the tokens.

    Args:
        show: is given the address of the page; opens or prints it.
        patience: seconds to wait for the person.
        register: where a server knows no app before: makes one for the way back's address, gives its id and secret.
        ask: lets the person paste something, where the network's way back is not to this machine.

    Raises:
        Refused: the person said no, or the network did.
        PublishError: what came back was not ours (another state), or nothing came back in time.
    """
    verifier = secrets.token_urlsafe(64)  # 86 characters; RFC 7636 allows 43 to 128
    state = secrets.token_urlsafe(32)
    for value in (verifier, state):
        remember(value)
    with _Pasted(flow.back, ask) if flow.back else _Back(flow.host, flow.port) as back:
        if register is not None:
            client_id, client_secret = register(back.address)
            remember(client_secret)
        page = {
            flow.client_key: client_id,
            "response_type": "code",
            "redirect_uri": back.address,
            "scope": flow.separator.join(flow.scopes),
            "state": state,
            **flow.extra,
        }
        if flow.pkce:
            page |= {"code_challenge": challenge(verifier, flow.in_hex), "code_challenge_method": "S256"}
        show(f"{flow.authorise}?{urlencode(page)}")
        code = back.code(state, web.label, patience)
    remember(code)
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": back.address, flow.client_key: client_id}
    if flow.pkce:
        asked["code_verifier"] = verifier
    return _tokens(web, flow, asked, client_secret)


def refresh(flow: Flow, web: Web, client_id: str, client_secret: str, token: str) -> Tokens:
    """New tokens for a refresh token. The network may give a new refresh token, after which the old one is void.

    Raises:
        Unauthorised, Refused: the network wants the person to sign in again.
    """
    asked = {"grant_type": "refresh_token", "refresh_token": token, flow.client_key: client_id}
    new = _tokens(web, flow, asked, client_secret)
    return new if new.refresh else Tokens(new.access, token, new.expires, new.raw)


def challenge(verifier: str, in_hex: bool = False) -> str:
    """The S256 challenge of a verifier. Source: RFC 7636, section 4.2; in hex: TikTok's Login Kit for Desktop."""
    if in_hex:
        return hashlib.sha256(verifier.encode("ascii")).hexdigest()
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def _tokens(web: Web, flow: Flow, asked: dict[str, str], client_secret: str) -> Tokens:
    if client_secret:
        asked["client_secret"] = client_secret
    # a code can be changed once only: never send it twice
    said = web.call("POST", flow.token, data=asked, headers={"Accept": "application/json"}, again=False).table()
    access, renewing = said.get("access_token"), said.get("refresh_token", "")
    if not isinstance(access, str) or not access or not isinstance(renewing, str):
        raise PublishError(f"{web.label} gave no token", f"clipper login {web.network}")
    for value in (access, renewing):
        remember(value)
    lasts = said.get("expires_in")
    return Tokens(access, renewing, float(lasts) if isinstance(lasts, int | float) else None, said)


def code_of(said: Mapping[str, str], state: str, label: str) -> str:
    """The code that came back; "" where there is none.

    Raises:
        Refused: the person or the network said no.
        PublishError: it is no answer to this login.
    """
    if not secrets.compare_digest(said.get("state", "").encode(), state.encode()):
        raise PublishError(
            f"what came back to this machine is not {label}'s answer to this login (its state differs)",
            f"start clipper login anew, and open only the page that it names for {label}",
        )
    if "error" in said:
        raise Refused(f"{label} says: {said.get('error_description') or said['error']}", "log in again")
    return said.get("code", "")


class _Pasted:
    """The way back where a network takes https addresses only: the person pastes the one at which the browser ended."""

    def __init__(self, address: str, ask: Callable[[str], str] | None) -> None:
        self.address, self._ask = address, ask

    def __enter__(self) -> _Pasted:
        return self

    def __exit__(self, *why: object) -> None:
        """Nothing was opened."""

    def code(self, state: str, label: str, patience: float) -> str:
        if self._ask is None:
            raise MissingError(f"{label} wants an address to be pasted", "run clipper login in a terminal")
        pasted = self._ask(f"The browser ends at a page that does not load, {self.address}... Paste its whole address")
        said = {k: v[0] for k, v in parse_qs(urlsplit(pasted.strip()).query).items()}
        if code := code_of(said, state, label):
            return code
        raise PublishError("that address has no code in it", "start clipper login anew, and paste the whole address")


class _Back:
    """The way back: a server on this machine alone, for one answer."""

    def __init__(self, host: str, port: int) -> None:
        self.answers: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            server: _Server

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path != "/":
                    self.send_error(404)
                    return
                self.server.back.answers.append({k: v[0] for k, v in parse_qs(parts.query).items()})
                body = b"<!doctype html><meta charset=utf-8><title>clipper</title><p>You can close this page."
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Referrer-Policy", "no-referrer")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """The code stands in the address: nothing is logged."""

        class _Server(HTTPServer):
            back = self

            def server_bind(self) -> None:
                socketserver.TCPServer.server_bind(self)  # HTTPServer's own looks its name up in the DNS
                self.server_name, self.server_port = host, self.server_address[1]

        try:
            self._server = _Server(("127.0.0.1", port), Handler)
        except OSError as error:
            raise MissingError(
                f"port {port} of this machine, which the network sends you back to, is in use", "end what uses it"
            ) from error
        self._server.timeout = 0.2
        self.address = f"http://{host}:{self._server.server_port}/"

    def __enter__(self) -> _Back:
        return self

    def __exit__(self, *why: object) -> None:
        self._server.server_close()

    def code(self, state: str, label: str, patience: float) -> str:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            self._server.handle_request()
            while self.answers:
                if code := code_of(self.answers.pop(0), state, label):
                    return code
        raise PublishError(f"nobody said yes to {label} in {patience / 60:.0f} minutes", "start clipper login anew")
