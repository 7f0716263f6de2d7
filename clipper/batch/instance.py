"""A Mastodon server's own limits. In: its address; out: the platform's facts with them in. The network is used here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from clipper.episode.fetch import fetch
from clipper.episode.guard import named_by_user
from clipper.errors import InputError
from clipper.platforms import Platform
from clipper.publish.instance import told


def with_instance(platforms: Sequence[Platform], address: str) -> tuple[Platform, ...]:
    """These platforms, Mastodon with the limits that the server names in /api/v2/instance.

    Raises:
        InputError: no https address (http only of this machine), or no Mastodon behind it.
        MissingError: it does not answer.
    """
    address = address if "://" in address else f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise InputError(f"{address} is not an https address", "write it as https://mastodon.example")
    said, _ = fetch(named_by_user(f"{parts.scheme}://{parts.netloc}/api/v2/instance"), "text", offline=False)
    try:
        row = json.loads(said)
        known = [isinstance(row["configuration"][name], dict) for name in ("statuses", "media_attachments")]
    except (ValueError, KeyError, TypeError):
        known = [False]
    if not all(known):
        raise InputError(f"{address} does not answer like a Mastodon server", "check the address in a browser")
    return tuple(told(p, row, parts.netloc) if p.name == "mastodon" else p for p in platforms)
