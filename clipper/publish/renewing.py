"""A new token for one that runs out, in each network's way. In: an account's credentials; out: its fields anew."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from clipper.publish import oauth
from clipper.publish.credentials import Credentials
from clipper.publish.errors import PublishError
from clipper.publish.facts import SignIn, facts
from clipper.publish.secrets import remember
from clipper.publish.web import Web


def flow(signin: SignIn, at: str = "") -> oauth.Flow:
    """The sign-in as `oauth` takes it.

    Args:
        at: a server that stands in for the network's own, for tests: "http://127.0.0.1:8000".
    """
    return oauth.Flow(
        authorise=f"{at}/authorise" if at else signin.authorise,
        token=f"{at}/token" if at else signin.token,
        scopes=signin.scopes,
        separator=signin.separator,
        client_key=signin.key,
        port=signin.port,
        host=signin.host,
        pkce=bool(signin.challenge),
        in_hex=signin.challenge == "hex",
        back=signin.back,
        extra=signin.extra,
    )


def renewed(credentials: Credentials, web: Web) -> dict[str, str] | None:
    """The fields token, refresh and until as they are from now on; None where the account has no way to a new token.

    Raises:
        PublishError: the network gives none.
    """
    known = facts(credentials.kind.name)
    signin, at = known.signin, credentials.get("signin")
    client, secret = credentials.get("client"), credentials.secret("client_secret")
    renews = "instagram" if credentials.get("login") == "instagram" else signin.renews
    if renews == "refresh":
        token = credentials.secret("refresh")
        if not token or not client:
            return None
        new = oauth.refresh(flow(signin, at), web, client, secret, token)
        return stored(new.access, new.refresh, new.expires if new.expires is not None else signin.lasts)
    token = credentials.secret("token")
    api = credentials.get("api", known.api)
    if renews == "facebook":
        # the token of a Page, which a login ends with, never runs out; one that was pasted may
        if not client or not secret:
            return None
        page = f"{api}/{known.version}/oauth/access_token"
        asked = {
            "grant_type": "fb_exchange_token",
            "client_id": client,
            "client_secret": secret,
            "fb_exchange_token": token,
        }
        return long_lived(web, page, asked, signin.lasts)
    if renews in ("threads", "instagram"):
        kind = "th" if renews == "threads" else "ig"
        asked = {"grant_type": f"{kind}_refresh_token", "access_token": token}
        return long_lived(web, f"{api}/refresh_access_token", asked, signin.lasts)
    return None


def stored(token: str, refresh: str, lasts: float | None) -> dict[str, str]:
    """An account's fields for a token that holds `lasts` seconds from now (None: for ever)."""
    end = "" if lasts is None else (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=lasts)).isoformat()
    return {"token": token, "refresh": refresh, "until": end}


def long_lived(web: Web, page: str, asked: Mapping[str, str], lasts: float) -> dict[str, str]:
    """Meta's ways, which take the old token as a parameter and give one that holds 60 days."""
    with _unlogged():  # the addresses hold tokens, as Meta wants them
        said: dict[str, Any] = web.call("GET", page, params=asked).table()
    token = said.get("access_token")
    if not isinstance(token, str) or not token:
        raise PublishError(f"{web.label} gave no new token", f"clipper login {web.network}")
    remember(token)
    holds = said.get("expires_in")
    return stored(token, "", float(holds) if isinstance(holds, int | float) and holds > 0 else lasts)


@contextmanager
def _unlogged() -> Iterator[None]:
    """The client's own log stays without what is asked."""
    log = logging.getLogger("httpx")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)
