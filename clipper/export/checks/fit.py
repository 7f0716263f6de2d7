"""Whether a platform takes the file: length, bytes, sides, shape, frames a second. In: `Facts`; out: `Verdict`s.

Limits: platforms.toml, each with its date and certainty.
"""

from __future__ import annotations

from clipper.export.checks.model import Container, Facts, Verdict
from clipper.platforms import Fact, Platform, names, platform


def platforms(facts: Facts) -> list[Verdict]:
    """For the platforms that are named a verdict each; for none, one that tells which of all would take it."""
    if facts.platforms:
        return [v for p in facts.platforms for v in fits(facts.container, p)]
    refused = [bad for p in map(platform, names()) if (bad := [v for v in fits(facts.container, p) if not v.good])]
    told = "; ".join(f"not {first}" for first, *_ in refused) or "all"
    good = len(refused) < len(names())
    return [Verdict("platforms", told, "at least one", good, "platforms.toml", "make it shorter")]


def takes(p: Platform, size: tuple[int, int]) -> bool:
    """Whether a platform takes pictures of that shape at all, in whatever size."""
    ratio, want = size[0] / size[1], p.picture
    return (want.narrowest is None or ratio >= want.narrowest - 0.001) and (
        want.widest is None or ratio <= want.widest + 0.001
    )


def fits(one: Container, p: Platform) -> list[Verdict]:
    """Every limit of one platform."""
    seconds = max(one.video_seconds, one.audio_seconds)
    most = p.length.most
    length = f"{p.length.least:g} s or more" if most is None else f"{p.length.least:g} to {most:g} s"
    good = seconds >= p.length.least and (most is None or seconds <= most + 0.05)
    out = [_row(p, "length", f"{seconds:.1f} s", length, good, p.length, "move the clip's edges in clips.yaml")]
    if p.file.bytes is not None:
        good = p.file.least_bytes <= one.bytes <= p.file.bytes
        limit = f"at most {p.file.bytes / 1e6:,.0f} MB" + (
            f", at least {p.file.least_bytes / 1e3:g} kB" if p.file.least_bytes else ""
        )
        mend = "clipper pack OUT encodes it once more, smaller"
        out.append(_row(p, "bytes", f"{one.bytes / 1e6:.1f} MB", limit, good, p.file, mend))
    out.append(_picture(one, p))
    if p.picture.fps_least is not None or p.picture.fps_most is not None:
        low, high = p.picture.fps_least or 0.0, p.picture.fps_most or 1e9
        limit = f"{low:g} to {high:g}" if p.picture.fps_least is not None else f"at most {high:g}"
        good = low - 0.05 <= one.fps <= high + 0.05
        out.append(_row(p, "frames a second", f"{one.fps:.5g}", limit, good, p.picture, "render it with --fps 30"))
    return out


def _picture(one: Container, p: Platform) -> Verdict:
    want, ratio, sides = p.picture, one.width / one.height, (one.width, one.height)
    rules = [
        (want.narrowest is None or ratio >= want.narrowest - 0.001, f"{want.narrowest} wide to 1 high or wider"),
        (want.widest is None or ratio <= want.widest + 0.001, f"{want.widest} wide to 1 high or narrower"),
        (want.side_least is None or min(sides) >= want.side_least, f"sides of {want.side_least} and more"),
        (want.side_most is None or max(sides) <= want.side_most, f"sides of at most {want.side_most}"),
        (want.pixels_most is None or one.width * one.height <= want.pixels_most, f"at most {want.pixels_most} pixels"),
    ]
    broken = [told for kept, told in rules if not kept]
    limit = broken[0] if broken else "what it takes"
    return _row(p, "size", f"{one.width}x{one.height}", limit, not broken, want, "send another format of the clip")


def _row(p: Platform, what: str, measured: str, limit: str, good: bool, fact: Fact, mend: str) -> Verdict:
    source = f"{fact.source} ({fact.certainty}, {fact.date})"
    return Verdict(f"{p.label}: {what}", measured, limit, good, source, mend)
