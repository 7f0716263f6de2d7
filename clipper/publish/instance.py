"""What one Mastodon server takes, out of its /api/v2/instance. In: that answer; out: the platform's facts."""

from __future__ import annotations

import datetime
from typing import Any

from clipper.platforms import Platform
from clipper.publish.answers import table


def told(p: Platform, said: object, host: str) -> Platform:
    """`p` with what a server says of itself; what it does not say, or says absurdly, stays.

    Args:
        said: the answer, whatever it is.
        host: of the server, for the facts' source.
    """
    statuses, media = table(said, "configuration", "statuses"), table(said, "configuration", "media_attachments")
    fact = {"date": datetime.date.today(), "certainty": "official", "source": f"{host}, /api/v2/instance"}
    change: dict[str, Any] = {}
    text, url = _number(statuses, "max_characters", 1e6), _number(statuses, "characters_reserved_per_url", 1e4)
    if text or url:
        limits = {"limit": text or p.text.limit, "url": url or p.text.url}
        change["text"] = p.text.model_copy(update={**fact, **limits})
    if alt := _number(media, "description_limit", 1e6):
        change["alt"] = p.alt.model_copy(update={**fact, "limit": alt})
    if size := _number(media, "video_size_limit", 1e12):
        change["file"] = p.file.model_copy(update={**fact, "bytes": size})
    rate, area = _number(media, "video_frame_rate_limit", 1e3), _number(media, "video_matrix_limit", 1e10)
    if rate or area:
        picture = {"fps_most": float(rate or p.picture.fps_most or 120), "pixels_most": area or p.picture.pixels_most}
        change["picture"] = p.picture.model_copy(update={**fact, **picture})
    return p.model_copy(update=change)


def _number(row: dict[str, Any], key: str, most: float) -> int | None:
    value = row.get(key)
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most
    return int(value) if good and value is not None else None
