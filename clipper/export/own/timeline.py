"""The picks for a video editor: OpenTimelineIO, FCPXML and EDL. In: `Pick`s, the episode's media; out: files.

Needs the extra `timeline` (opentimelineio and its own adapters for FCP X XML and CMX 3600).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clipper import cache
from clipper.errors import MissingError
from clipper.export.own.picks import Pick

RATE = 30  # frames a second of the timeline
KINDS = {"picks.otio": "otio_json", "picks.fcpxml": "fcpx_xml", "picks.edl": "cmx_3600"}


def write(picks: Sequence[Pick], media: Path, seconds: float, title: str, folder: Path) -> list[Path]:
    """Writes the three files; each pick is a cut of the episode, one after the other.

    Args:
        media: the episode, as the plan names it; an editor asks where it is when it was moved.
        seconds: how long it is.

    Raises:
        MissingError: the extra is not installed, or the folder cannot be written.
    """
    try:
        import opentimelineio as otio
    except ImportError as error:
        raise MissingError(
            "writing for a video editor needs OpenTimelineIO", "pip install 'clipper[timeline]'"
        ) from error
    known = otio.adapters.available_adapter_names()
    made = []
    for name, adapter in KINDS.items():
        if adapter not in known:
            raise MissingError(f"OpenTimelineIO here cannot write {name}", "pip install 'clipper[timeline]'")
        text = otio.adapters.write_to_string(_timeline(otio, picks, media, seconds, title), adapter)
        cache.write_text(folder / name, text if text.endswith("\n") else text + "\n")
        made.append(folder / name)
    return made


def available() -> bool:
    """Whether the extra is installed."""
    from importlib.util import find_spec

    return find_spec("opentimelineio") is not None


def _timeline(otio: Any, picks: Sequence[Pick], media: Path, seconds: float, title: str) -> Any:
    def time(value: float) -> Any:
        return otio.opentime.RationalTime(round(value * RATE), RATE)

    reference = otio.schema.ExternalReference(media.resolve().as_uri(), otio.opentime.TimeRange(time(0), time(seconds)))
    reference.name = media.name
    timeline = otio.schema.Timeline(title)
    track = otio.schema.Track("picks", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for one in picks:
        for span in one.spans:
            cut = otio.opentime.TimeRange(time(span.start), time(span.end) - time(span.start))
            track.append(otio.schema.Clip(" ".join(one.title.split()), reference, cut, {"clipper": {"id": one.id}}))
    return timeline
