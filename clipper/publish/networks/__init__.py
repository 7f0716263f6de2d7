"""The networks by name. A new one is a file here and a row in `MODULES`; tests/publish/suite.py then runs on it.

A network's module has `KIND` and `make(credentials, web) -> Publisher`; its client is imported where it is used.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from clipper.errors import MissingError, UsageError
from clipper.publish.base import Kind, Publisher
from clipper.publish.credentials import Credentials
from clipper.publish.patience import Patience
from clipper.publish.web import Web

# by name, in the order in which they are told
MODULES: dict[str, str] = {
    "bluesky": "clipper.publish.networks.bluesky",
    "mastodon": "clipper.publish.networks.mastodon",
    "webdav": "clipper.publish.networks.webdav",
    "sftp": "clipper.publish.networks.sftp",
    "s3": "clipper.publish.networks.s3",
    "cast": "clipper.publish.networks.django_cast",
    "youtube": "clipper.publish.networks.youtube",
    "x": "clipper.publish.networks.x",
    "tiktok": "clipper.publish.networks.tiktok",
    "instagram": "clipper.publish.networks.instagram",
    "facebook": "clipper.publish.networks.facebook",
    "linkedin": "clipper.publish.networks.linkedin",
    "threads": "clipper.publish.networks.threads",
}


class Network(Protocol):
    """What a network's module has; and `login(said, web, show, ask) -> values` where a login needs a browser."""

    KIND: Kind

    def make(self, credentials: Credentials, web: Web) -> Publisher:
        """The publisher of one account. Opens no connection."""


def kind(name: str) -> Kind:
    """What is known of a network.

    Raises:
        UsageError: there is none of that name; the mend names the nearest.
    """
    return _network(name).KIND


def kinds() -> tuple[Kind, ...]:
    """All of them."""
    return tuple(_network(name).KIND for name in MODULES)


def publisher(credentials: Credentials, *, allow_http: bool = False, patience: Patience | None = None) -> Publisher:
    """The publisher of one account.

    Raises:
        MissingError: its client is not installed; the mend says how to install it.
    """
    kind = credentials.kind
    for module in kind.imports:
        if importlib.util.find_spec(module.split(".")[0]) is None:
            raise MissingError(f"the client for {kind.label} is not installed", f"pip install 'clipper[{kind.name}]'")
    web = Web(kind.name, kind.label, allow_http=allow_http, patience=patience)
    return _network(kind.name).make(credentials, web)


def login(
    kind: Kind,
    said: Mapping[str, str],
    show: Callable[[str], None],
    *,
    ask: Callable[[str], str] | None = None,
    allow_http: bool = False,
) -> dict[str, str]:
    """All fields of an account, those that the network gives at a login in the browser among them.

    Args:
        said: what the person typed.
        show: is given the address of the page on which they say yes.
        ask: lets them paste where they ended, for networks whose way back is not to this machine.
    """
    values = {f.name: f.default for f in kind.fields if f.default is not None} | dict(said)
    module = _network(kind.name)
    if hasattr(module, "login"):
        values |= module.login(values, Web(kind.name, kind.label, allow_http=allow_http), show, ask)
    return values


def _network(name: str) -> Network:
    if name not in MODULES:
        near = difflib.get_close_matches(name, MODULES, n=1, cutoff=0.6)
        guess = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"there is no network {name!r}", f"{guess}known are: {', '.join(MODULES)}")
    return cast(Network, importlib.import_module(MODULES[name]))
