"""Whether a pack is what a server says that it takes, before the first byte. In: limits, a pack; out: an error.

Words are counted as the network counts them (clipper/counting.py), so that what it would refuse is not sent at all.
"""

from __future__ import annotations

from clipper.export.post import measured
from clipper.publish.base import Limits, Pack
from clipper.publish.errors import Refused

UNITS = {"utf8": "bytes"}  # everything else is told as characters, as the network counts them


def check(limits: Limits, pack: Pack, label: str) -> None:
    """Refuses what is too large, too long or has too many words.

    Args:
        label: the network's, for the message.

    Raises:
        Refused: with what it has, what is taken, and the mend.
    """
    packed, video = pack.packed, pack.packed.video
    if limits.video_bytes is not None and video.bytes > limits.video_bytes:
        raise Refused(
            f"{label} takes videos up to {limits.video_bytes / 1e6:.1f} MB here, this one has "
            f"{video.bytes / 1e6:.1f} MB",
            "make a smaller one: clipper render --quality draft, then pack again",
        )
    if limits.seconds is not None and video.seconds > limits.seconds:
        raise Refused(
            f"{label} takes {limits.seconds:.0f} s here, this clip has {video.seconds:.0f} s", "shorten the clip"
        )
    vtt = packed.vtt
    if limits.captions_bytes is not None and vtt is not None and vtt.bytes > limits.captions_bytes:
        raise Refused(f"{label} takes captions up to {limits.captions_bytes} bytes", "shorten the clip")
    words = (
        ("a text", packed.text, limits.text, "post.txt"),
        ("a title", packed.title, limits.title, "title.txt"),
        ("an alt text", packed.alt, limits.alt, "alt.txt"),
    )
    for name, text, fact, file in words:
        counted = measured(text, fact) if fact is not None else None
        if counted is None or fact is None or counted.fits:
            continue
        unit = "bytes" if counted.limit != fact.limit else UNITS.get(fact.counting, "characters")
        raise Refused(
            f"{label} takes {name} of at most {counted.limit} {unit} as it counts them, this one has {counted.count}",
            f"shorten {pack.folder / file}, then pack again and publish again",
        )
