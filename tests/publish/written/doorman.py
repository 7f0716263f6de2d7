"""An authorisation server as strict as the networks' own: who the app is, where it may come back, codes that hold once.

It also has the further steps of Meta's networks (long-lived tokens, Pages), and answers only to tokens in force.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from clipper.publish.facts import SignIn
from tests.publish.written.base import Answer, Ask, Refused, Written, route

CLIENT, HUSH = "app-1234", "hush-hush-very-secret-of-the-app"


def no(error: str, message: str, status: int = 400) -> Refused:
    return Refused(status, {"error": error, "error_description": message})


class Doorman(Written):
    """`rules` say how the network signs in; `answers` and `state` spoil what comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: SignIn
        self.codes: dict[str, dict[str, str]] = {}
        self.valid: set[str] = set()
        self.refreshes: set[str] = set()
        self.denies = False
        self.spoils_state = False
        self.lasts = 3600
        self.given = 0

    def _gives(self, **more: Any) -> Answer:
        """A new token; the old ones are over."""
        self.given += 1
        token = f"access-token-number-{self.given}-{secrets.token_hex(8)}"
        self.valid = {token}
        return Answer(200, {"access_token": token, "token_type": "bearer", "expires_in": self.lasts, **more})

    @route("GET", "/authorise")
    def authorise(self, ask: Ask) -> Answer:
        said, rules = ask.query, self.rules
        if said.get(rules.key) != CLIENT or said.get("response_type") != "code":
            raise no("invalid_request", "no such app")
        back = urlsplit(said.get("redirect_uri", ""))
        registered = rules.back or f"http://{rules.host}"
        if not (said["redirect_uri"] == rules.back if rules.back else f"{back.scheme}://{back.hostname}" == registered):
            raise no("redirect_uri_mismatch", "this address was never registered")
        if set(said.get("scope", "").split(rules.separator)) != set(rules.scopes) or len(said.get("state", "")) < 20:
            raise no("invalid_scope", "scopes or state cannot be")
        if bool(rules.challenge) != ("code_challenge" in said):
            raise no("invalid_request", "PKCE is needed here" if rules.challenge else "PKCE is not known here")
        state = "another-state-than-was-given" if self.spoils_state else said["state"]
        if self.denies:
            query = {"error": "access_denied", "error_description": "The person said no.", "state": state}
        else:
            code = secrets.token_hex(16)
            self.codes[code] = {"back": said["redirect_uri"], "challenge": said.get("code_challenge", "")}
            query = {"code": code, "state": state}
        return Answer(302, None, {"Location": f"{said['redirect_uri']}?{urlencode(query)}"})

    @route("POST", "/token")
    def token_for(self, ask: Ask) -> Answer:
        said, rules = ask.form(), self.rules
        if said.get(rules.key) != CLIENT or (rules.secret and said.get("client_secret") != HUSH):
            raise no("invalid_client", "the app is not who it says", 401)
        if said.get("grant_type") == "refresh_token":
            if said.get("refresh_token") not in self.refreshes:
                raise no("invalid_grant", "the refresh token is over")
            return self._with_refresh()
        code = self.codes.pop(said.get("code", ""), None)
        if code is None or said.get("redirect_uri") != code["back"]:
            raise no("invalid_grant", "the code is over, or was given for another address")
        digest = hashlib.sha256(said.get("code_verifier", "").encode())
        right = {
            "": "",
            "S256": base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode(),
            "hex": digest.hexdigest(),
        }[rules.challenge]
        if code["challenge"] != right:
            raise no("invalid_grant", "the verifier does not fit the challenge")
        return self._with_refresh() if rules.renews == "refresh" else self._gives()

    def _with_refresh(self) -> Answer:
        """Refresh tokens hold once, as X's do."""
        new = f"refresh-token-{secrets.token_hex(8)}"
        self.refreshes = {new}
        return self._gives(refresh_token=new)

    @route("GET", r"/v[\d.]+/oauth/access_token|/access_token|/refresh_access_token")
    def exchange(self, ask: Ask) -> Answer:
        said = ask.query
        old = said.get("fb_exchange_token") or said.get("access_token")
        kinds = {"fb_exchange_token", "th_exchange_token", "th_refresh_token", "ig_refresh_token"}
        if said.get("grant_type") not in kinds or old not in self.valid:
            raise no("invalid_grant", "this token cannot be exchanged")
        if said["grant_type"] in ("fb_exchange_token", "th_exchange_token") and said.get("client_secret") != HUSH:
            raise no("invalid_client", "the app is not who it says", 401)
        self.lasts = 5_184_000
        return self._gives()

    @route("GET", r"/v[\d.]+/me/accounts")
    def pages(self, ask: Ask) -> Answer:
        found = re.fullmatch("Bearer (.+)", ask.headers.get("authorization", ""))
        if not found or found[1] not in self.valid:
            raise Refused(401, {"error": {"message": "Session has expired", "code": 190}})
        rows = []
        for number, name in enumerate(("Oddly Good Work", "Another Show"), 1):
            linked = {"id": f"1784140000000000{number}", "username": name.replace(" ", "").lower()}
            token = f"page-token-{number}-which-never-ends"
            page = {"id": f"100{number}", "name": name, "access_token": token, "instagram_business_account": linked}
            rows.append(page)
        return Answer(200, {"data": rows})
