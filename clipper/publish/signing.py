"""`clipper login` for networks with a sign-in in the browser. In: what the person typed; out: an account's fields.

After the sign-in itself come the steps that some networks want: Meta's first token holds an hour and becomes one of 60
days, and a Page has a token of its own, which does not run out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clipper.errors import MissingError
from clipper.publish import answers, oauth
from clipper.publish.base import Kind
from clipper.publish.errors import PublishError, Refused
from clipper.publish.facts import Facts, facts
from clipper.publish.meta import GraphWeb
from clipper.publish.renewing import flow, long_lived, stored
from clipper.publish.secrets import remember
from clipper.publish.web import Web


def sign_in(
    kind: Kind,
    said: Mapping[str, str],
    web: Web,
    show: Callable[[str], None],
    ask: Callable[[str], str] | None = None,
) -> dict[str, str]:
    """An account's fields, with the tokens that its network gives.

    Args:
        said: what the person typed, the app's id above all.
        show: is given the address of the network's page.
        ask: lets the person paste something.

    Raises:
        MissingError: the app's id, or its secret where the network wants it, is not said.
        PublishError: the person or the network said no.
    """
    known = facts(kind.name)
    client, secret = said.get("client", ""), said.get("client_secret", "")
    if not client or (known.signin.secret and not secret):
        raise MissingError(
            f"{kind.label} lets only an app in that is registered there: its {'secret' if client else 'id'} is missing",
            "docs/networks.md says how to register one",
        )
    remember(secret)
    tokens = oauth.sign_in(flow(known.signin, said.get("signin", "")), web, client, secret, show, ask=ask)
    new = stored(tokens.access, tokens.refresh, tokens.expires if tokens.expires is not None else known.signin.lasts)
    values = {**said, **new}
    if known.signin.renews == "threads":
        asked = {"grant_type": "th_exchange_token", "client_secret": secret, "access_token": tokens.access}
        return values | long_lived(web, f"{said['api']}/access_token", asked, known.signin.lasts)
    if known.signin.renews == "facebook":
        return values | _page(kind.name, known, values, GraphWeb.like(web))
    return values


def _page(network: str, known: Facts, values: Mapping[str, str], web: Web) -> dict[str, str]:
    """The token of the Page that posts, which holds as long as the person keeps the app's rights."""
    graph = f"{values['api']}/{known.version}"
    asked = {
        "grant_type": "fb_exchange_token",
        "client_id": values["client"],
        "client_secret": values["client_secret"],
        "fb_exchange_token": values["token"],
    }
    person = long_lived(web, f"{graph}/oauth/access_token", asked, known.signin.lasts)
    headers = {"Authorization": f"Bearer {person['token']}"}
    params = {"fields": "id,name,access_token,instagram_business_account{id,username}"}
    said = web.call("GET", f"{graph}/me/accounts", headers=headers, params=params).table()
    pages = [page for page in answers.rows(said, "data") if answers.text(page, "access_token")]
    if network == "instagram":
        page = _one(pages, values.get("user", ""), lambda p: answers.table(p, "instagram_business_account"), web)
        mine = {"user": answers.text(page, "instagram_business_account", "id")}
    else:
        page = _one(pages, values.get("page", ""), lambda p: p, web)
        mine = {"page": answers.text(page, "id")}
    token = answers.text(page, "access_token")
    remember(token)
    return {**mine, **stored(token, "", None)}


def _one(pages: list[dict[str, Any]], wish: str, who: Callable[[Any], dict[str, Any]], web: Web) -> dict[str, Any]:
    """The page that the person means, by the name or number of what `who` finds in it."""

    def called(page: dict[str, Any]) -> set[str]:
        return {answers.text(who(page), name) for name in ("id", "name", "username")} - {""}

    there = [page for page in pages if answers.text(who(page), "id")]
    if not there:
        raise Refused(f"{web.label}: this login has no Page that can post", "choose one on the page that asks you")
    meant = [page for page in there if not wish or wish.lstrip("@") in called(page)]
    if len(meant) == 1:
        return meant[0]
    names = "; ".join(" ".join(sorted(called(page))) for page in there)
    raise PublishError(f"{web.label}: which of these is meant: {names}?", "log in again, and say its name or number")
