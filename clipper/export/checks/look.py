"""One pass over a finished file for all checks: every packet is read once, and decoded once where that is wanted.

In: a path; out: `Container`, `Seen` and `Sound`. Memory does not grow with the clip but for 16 kB of sound a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

from clipper.errors import InputError
from clipper.export.checks.boxes import boxes
from clipper.export.checks.hearing import Ears
from clipper.export.checks.likeness import compared
from clipper.export.checks.model import Container, Heard, Seen, Sound, Source
from clipper.export.checks.seeing import Eyes, Pictures
from clipper.media import LOCAL

ADTS_HEADER = 7  # bytes before each packet of an ADTS file without checksums, which an MP4 does not have
Which = Literal["all", "keys", "none"]


class Tick(Protocol):
    """Called with the seconds that have been looked at."""

    def __call__(self, seconds: float) -> None: ...


def container(path: Path) -> Container:
    """What a finished file is, without decoding it.

    Raises:
        InputError: it cannot be opened, or has no picture or no sound.
    """
    return look(path, pictures="none", sound=False)[0]


def look(
    path: Path,
    *,
    pictures: Which = "all",
    sound: bool = True,
    closely: Pictures | None = None,
    tick: Tick = lambda seconds: None,
) -> tuple[Container, Seen | None, Sound | None]:
    """Reads a file from its first packet to its last.

    Args:
        pictures: which of them are decoded; "keys" takes one in some seconds and a fiftieth of the time.
        sound: whether that is decoded.
        closely: what is compared with the scene, and when.

    Raises:
        InputError: it cannot be opened, or has no picture or no sound.
    """
    import av

    try:
        with av.open(str(path), options=LOCAL) as opened:
            if not opened.streams.video or not opened.streams.audio:
                raise InputError(f"{path.name} lacks picture or sound", "render it again")
            video, audio = opened.streams.video[0], opened.streams.audio[0]
            if pictures == "all":
                video.thread_type = "AUTO"
            eyes = Eyes(closely, whole=pictures == "all") if pictures != "none" else None
            ears = Ears() if sound else None
            count = _Count(video.index, audio.index)
            for packet in opened.demux(video, audio):
                count.add(packet)
                if packet.stream.index == audio.index:
                    if ears is not None:
                        for frame in _decoded(packet, ears):
                            ears.hear(frame)
                elif eyes is not None and (pictures == "all" or packet.is_keyframe or packet.pts is None):
                    for frame in _decoded(packet, eyes):
                        eyes.see(frame)
                    if packet.pts is not None and packet.time_base is not None:
                        tick(float(packet.pts * packet.time_base))
            found = count.container(path, video, audio)
            return found, eyes.seen(found.fps) if eyes else None, ears.sound() if ears else None
    except (av.FFmpegError, OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read back ({error})", "render it again") from error


def hear(track: Path, source: Source) -> Heard:
    """Listens to an ADTS file, once for all the shapes that are joined with it.

    Args:
        source: the episode's sound that it has to be.

    Raises:
        InputError: it is none, or the episode's sound is not there any more.
    """
    import av

    digest, ears = hashlib.sha256(), Ears()
    try:
        with av.open(str(track), options=LOCAL) as opened:
            for packet in opened.demux(opened.streams.audio[0]):
                digest.update(bytes(packet)[ADTS_HEADER:])
                for frame in _decoded(packet, ears):
                    ears.hear(frame)
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise InputError(f"{track.name} cannot be read back ({error})", "render it again") from error
    sound = ears.sound()
    return Heard(sound.loudness, digest.hexdigest(), sound.broken, compared(sound.mono, sound.rate, source))


def _decoded(packet: Any, what: Eyes | Ears) -> Iterator[Any]:
    """The frames of a packet; one that cannot be decoded is counted, and the rest goes on."""
    import av

    try:
        yield from packet.decode()
    except av.FFmpegError:
        what.broken += 1


class _Count:
    """What packets say without being decoded."""

    def __init__(self, video: int, audio: int) -> None:
        self._video, self._audio = video, audio
        self._times: list[float] = []
        self._keys: list[float] = []
        self._open = 0
        self._starts: dict[int, float] = {}
        self._ends = {video: 0.0, audio: 0.0}
        self._digest, self._shown = hashlib.sha256(), hashlib.sha256()

    def add(self, packet: Any) -> None:
        if packet.pts is None or packet.time_base is None:
            return
        index, at = packet.stream.index, float(packet.pts * packet.time_base)
        self._starts[index] = min(self._starts.get(index, at), at)
        self._ends[index] = max(self._ends[index], at + float((packet.duration or 0) * packet.time_base))
        if index == self._audio:
            self._digest.update(bytes(packet))
            return
        self._shown.update(bytes(packet))
        self._times.append(at)
        if packet.is_keyframe:
            self._keys.append(at)
        elif self._keys and at < self._keys[-1]:
            self._open += 1  # shows before the key picture that it follows in the file

    def container(self, path: Path, video: Any, audio: Any) -> Container:
        context, names = video.codec_context, boxes(path)
        return Container(
            width=context.width,
            height=context.height,
            frames=len(self._times),
            fps=float(video.average_rate or 0),
            codec=context.name,
            profile=str(context.profile or ""),
            pixel_format=str(context.pix_fmt),
            colours=(
                int(context.color_primaries),
                int(context.color_trc),
                int(context.colorspace),
                int(context.color_range),
            ),
            audio_codec=audio.codec_context.name,
            audio_profile=str(audio.codec_context.profile or ""),
            audio_rate=audio.rate,
            audio_channels=audio.channels,
            video_start=self._starts.get(self._video, -1.0),
            audio_start=self._starts.get(self._audio, -1.0),
            video_seconds=self._ends[self._video],
            audio_seconds=self._ends[self._audio],
            moov_first="moov" in names and "mdat" in names and names.index("moov") < names.index("mdat"),
            edit_list="elst" in names,
            audio_packets=self._digest.hexdigest(),
            video_packets=self._shown.hexdigest(),
            bytes=path.stat().st_size,
            video_times=tuple(sorted(self._times)),
            key_times=tuple(self._keys),
            open_groups=self._open,
        )
