"""The picks for a podcast's feed: podcast:soundbite, podcast:trailer and JSON chapters. In: `Pick`s; out: text.

Source: the Podcast Namespace (github.com/Podcastindex-org/podcast-namespace, docs/tags and docs/examples/chapters, read
in 2026): a soundbite has startTime and duration in seconds and a title of at most 128 characters, 15 to 120 s are
recommended; a trailer has url and pubdate (RFC 2822), and a title of at most 128 characters.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from email.utils import format_datetime
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from clipper.counting import shortened
from clipper.export.own.picks import Pick

TITLE = 128  # characters
SOUNDBITE = (15.0, 120.0)  # seconds that are recommended
NAMESPACE = "https://podcastindex.org/namespace/1.0"


def soundbites(picks: Sequence[Pick]) -> str:
    """For the episode's <item>: one tag a pick that is one stretch of it.

    A clip out of several stretches has no place in the episode where it could be played.
    """
    rows = []
    for one in picks:
        if len(one.spans) != 1:
            continue
        span = one.spans[0]
        title = escape(_title(one.title))
        rows.append(
            f'<podcast:soundbite startTime="{span.start:.3f}" duration="{span.seconds:.3f}">{title}</podcast:soundbite>'
        )
    return "".join(f"{row}\n" for row in rows)


def left_out(picks: Sequence[Pick]) -> list[str]:
    """What should be known of the soundbites, a line each."""
    notes = [
        f"{p.id} is out of several stretches of the episode, so it is no soundbite" for p in picks if len(p.spans) != 1
    ]
    low, high = SOUNDBITE
    return notes + [
        f"{p.id} lasts {p.seconds:.0f} s; soundbites of {low:g} to {high:g} s are recommended"
        for p in picks
        if len(p.spans) == 1 and not low <= p.seconds <= high
    ]


def trailers(picks: Sequence[Pick], media: str, sizes: Sequence[int], made: datetime.datetime) -> str:
    """For the feed's <channel>: one tag a pick, with the address that its sound will have.

    Args:
        media: the public address of the folder that the packs are laid in.
        sizes: bytes of each pick's M4A.
        made: when, with a time zone.
    """
    date = format_datetime(made)
    rows = []
    for one, size in zip(picks, sizes, strict=True):
        url = f"{media.rstrip('/')}/{quote(one.slug)}.m4a"
        rows.append(
            f'<podcast:trailer pubdate="{date}" url={quoteattr(url)} length="{size}" type="audio/mp4">'
            f"{escape(_title(one.title))}</podcast:trailer>"
        )
    return "".join(f"{row}\n" for row in rows)


def chapters(picks: Sequence[Pick], title: str) -> str:
    """The picks as chapters of the episode, JSON chapters 1.2.0 (type application/json+chapters), in order of time."""
    spans = sorted(((s, p.title) for p in picks for s in p.spans[:1]), key=lambda row: row[0].start)
    rows = [{"startTime": round(s.start, 3), "endTime": round(s.end, 3), "title": _title(name)} for s, name in spans]
    return json.dumps({"version": "1.2.0", "title": title, "chapters": rows}, ensure_ascii=False, indent=1) + "\n"


def _title(text: str) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shortened(flat, lambda t: len(t) <= TITLE)
