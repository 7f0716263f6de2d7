"""A Mastodon server's own limits. In: its address; out: the platform's facts with them in. The network is used here."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from clipper.episode.fetch import fetch
from clipper.episode.guard import named_by_user
from clipper.errors import InputError
from clipper.platforms import Platform


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
        row = json.loads(said)["configuration"]
        statuses, media = dict(row["statuses"]), dict(row["media_attachments"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{address} does not answer like a Mastodon server", "check the address in a browser"
        ) from error
    return tuple(_told(p, statuses, media, parts.netloc) if p.name == "mastodon" else p for p in platforms)


def _told(p: Platform, statuses: dict[str, Any], media: dict[str, Any], host: str) -> Platform:
    fact = {"date": datetime.date.today(), "certainty": "official", "source": f"{host}, /api/v2/instance"}

    def number(row: dict[str, Any], key: str, most: float) -> dict[str, Any]:
        value = row.get(key)
        good = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most
        return {key: int(value)} if good and value is not None else {}

    text = number(statuses, "max_characters", 1e6)
    url = number(statuses, "characters_reserved_per_url", 1e4)
    alt = number(media, "description_limit", 1e6)
    size = number(media, "video_size_limit", 1e12)
    rate = number(media, "video_frame_rate_limit", 1e3)
    area = number(media, "video_matrix_limit", 1e10)
    change: dict[str, Any] = {}
    if text or url:
        update = {**fact, "limit": text.get("max_characters", p.text.limit)}
        change["text"] = p.text.model_copy(
            update={**update, "url": url.get("characters_reserved_per_url", p.text.url)}
        )  # fmt: skip
    if alt:
        change["alt"] = p.alt.model_copy(update={**fact, "limit": alt["description_limit"]})
    if size:
        change["file"] = p.file.model_copy(update={**fact, "bytes": size["video_size_limit"]})
    if rate or area:
        picture = {**fact, "fps_most": float(rate.get("video_frame_rate_limit", p.picture.fps_most or 120))}
        picture["pixels_most"] = area.get("video_matrix_limit", p.picture.pixels_most)
        change["picture"] = p.picture.model_copy(update=picture)
    return p.model_copy(update=change)
