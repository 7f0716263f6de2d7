"""The pictures that change with the chapters of an MP4 or M4A ("enhanced podcast"). In: a file; out: times and bytes.

QuickTime keeps them as a track of stills that the sound's track names as its chapters (`tref` of type `chap`; QuickTime
File Format, "Chapter lists"). FFmpeg marks such a track as timed thumbnails. A video podcast's pictures are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from clipper.media import LOCAL

_ENDINGS = (".m4a", ".m4b", ".mp4", ".m4v", ".mov")
_MOST = 1000  # pictures


def timed_pictures(path: Path, largest: int) -> Iterator[tuple[float, bytes]]:
    """When each picture begins, in seconds, and the picture as JPEG or PNG; nothing where there is none or the file is
    damaged. Pictures of more than `largest` bytes are left out."""
    if path.suffix.casefold() not in _ENDINGS:
        return
    import av
    from av.stream import Disposition

    with suppress(av.FFmpegError, OSError), av.open(str(path), options=LOCAL) as media:
        timed = [s for s in media.streams.video if s.disposition & Disposition.timed_thumbnails]
        if not timed:
            return
        latest = -1  # the first picture comes twice, as the cover and as the first chapter's
        for packet in islice(media.demux(timed[0]), _MOST):
            if packet.pts is not None and packet.time_base and packet.pts > latest and 0 < packet.size <= largest:
                latest = packet.pts
                yield float(packet.pts * packet.time_base), bytes(packet)
