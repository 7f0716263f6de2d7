"""The container: codec, profile, pixels, colours, closed groups, the index in front, no edit list.

In: `Facts`; out: `Verdict`s. Sources: YouTube's recommended upload settings (support.google.com/youtube/answer/1722171)
and Meta's Reels specification; LinkedIn and X ask for the same or less.
"""

from __future__ import annotations

from itertools import pairwise

from clipper.export.checks.limits import limit
from clipper.export.checks.model import Facts, Verdict

UPLOAD = "support.google.com/youtube/answer/1722171"
REELS = "Meta, Reels specifications"
AGAIN = "render it again: clipper render OUT"


def size(facts: Facts) -> list[Verdict]:
    """Width and height are those of the shape."""
    one, wanted = facts.container, facts.wanted
    measured, limit_ = f"{one.width}x{one.height}", f"{wanted.width}x{wanted.height}"
    return [Verdict("size", measured, limit_, measured == limit_, "the plan's format and --size", AGAIN)]


def codecs(facts: Facts) -> list[Verdict]:
    """H.264 High in 4:2:0 with BT.709 named, AAC-LC at 48 kHz."""
    one = facts.container
    return [
        Verdict(
            "codec",
            f"{one.codec} {one.profile}",
            "h264 High",
            one.codec == "h264" and (one.profile == "High" or facts.wanted.draft),
            UPLOAD,
            AGAIN,
        ),
        Verdict("pixels", one.pixel_format, "yuv420p", one.pixel_format == "yuv420p", UPLOAD, AGAIN),
        Verdict("colours", _colours(one.colours), "bt709, limited", one.colours == (1, 1, 1, 1), UPLOAD, AGAIN),
        Verdict(
            "sound's codec",
            f"{one.audio_codec} {one.audio_profile}, {one.audio_rate} Hz, {one.audio_channels} channels",
            "aac LC, 48000 Hz, 1 or 2 channels",
            (one.audio_codec, one.audio_profile, one.audio_rate) == ("aac", "LC", 48_000) and one.audio_channels <= 2,
            UPLOAD,
            AGAIN,
        ),
    ]


def groups(facts: Facts) -> list[Verdict]:
    """Groups of pictures are closed, begin with the first picture and are not too long."""
    one, most = facts.container, limit("group")
    if not one.key_times:
        return [Verdict("groups of pictures", "no key picture", "closed", False, most.source, AGAIN)]
    longest = max(b - a for a, b in pairwise([*one.key_times, one.video_seconds]))
    closed = one.open_groups == 0 and one.key_times[0] <= one.video_start + 1e-6
    return [
        Verdict(
            "groups of pictures",
            f"{'closed' if closed else 'open'}, at most {longest:.2f} s",
            f"closed, at most {most.value:g} s",
            closed and longest <= most.value + 0.05,
            most.source,
            AGAIN,
        )
    ]


def index(facts: Facts) -> list[Verdict]:
    """The index comes first, and no edit list moves picture or sound."""
    one = facts.container
    return [
        Verdict("moov first", str(one.moov_first).lower(), "true", one.moov_first, UPLOAD, AGAIN),
        Verdict("no edit list", str(not one.edit_list).lower(), "true", not one.edit_list, f"{UPLOAD}; {REELS}", AGAIN),
    ]


def _colours(tags: tuple[int, int, int, int]) -> str:
    if tags == (1, 1, 1, 1):
        return "bt709, limited"
    return (
        "not told"
        if set(tags) <= {0, 2}
        else f"primaries {tags[0]}, transfer {tags[1]}, matrix {tags[2]}, range {tags[3]}"
    )
