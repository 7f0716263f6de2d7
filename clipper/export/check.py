"""Looks at a finished MP4 as a stranger would: decodes it anew and says what falls short.

In: a file and what it should be; out: a list of `Verdict`s. Source of the limits: quality.toml, sound/targets.toml.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

from clipper.errors import InputError
from clipper.sound.loudness import Loudness, measure_file, targets

ADTS_HEADER = 7  # bytes before each packet of an ADTS file without checksums, which an MP4 does not have


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check: what was measured, against what, and whether it is good enough."""

    name: str
    measured: str
    limit: str
    good: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """How loud an AAC track is, and the digest of its packets."""

    loudness: Loudness
    packets: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file should be.

    `loudness_note` is what finishing could not reach and has said already; a draft may be of any H.264 profile.
    `sound` is a track whose loudness is known: a file with the very same packets need not be listened to again.
    """

    width: int
    height: int
    fps: float
    frames: int
    loudness_note: str = ""
    draft: bool = False
    sound: Heard | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file is, read from its packets and boxes."""

    width: int
    height: int
    frames: int
    fps: float
    codec: str
    profile: str
    pixel_format: str
    colours: tuple[int, int, int, int]
    audio_codec: str
    audio_rate: int
    video_start: float
    audio_start: float
    video_seconds: float
    audio_seconds: float
    moov_first: bool
    edit_list: bool
    audio_packets: str


def boxes(path: Path) -> list[str]:
    """The names of an MP4's boxes in file order, those inside moov and trak included.

    Source: ISO/IEC 14496-12, 4.2.
    """
    out: list[str] = []

    def walk(data: memoryview) -> None:
        at = 0
        while at + 8 <= len(data):
            size, kind = struct.unpack(">I4s", data[at : at + 8])
            name = kind.decode("latin-1")
            out.append(name)
            if name in ("trak", "mdia", "edts"):
                walk(data[at + 8 : at + max(8, size)])
            at += max(8, size)

    with path.open("rb") as f:
        while head := f.read(8):
            if len(head) < 8:
                break
            size, kind = struct.unpack(">I4s", head)
            header = 8
            if size == 1:
                size, header = struct.unpack(">Q", f.read(8))[0], 16
            if size < header:
                break
            out.append(kind.decode("latin-1"))
            if kind == b"moov":
                walk(memoryview(f.read(size - header)))
            else:
                f.seek(size - header, 1)
    return out


def facts(path: Path) -> Facts:
    """Reads a finished file's facts.

    Raises:
        InputError: it cannot be opened, or has no picture or no sound.
    """
    import av

    try:
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            if not container.streams.video or not container.streams.audio:
                raise InputError(f"{path.name} lacks picture or sound", "render it again")
            video, audio = container.streams.video[0], container.streams.audio[0]
            counts = {video.index: 0, audio.index: 0}
            starts: dict[int, float] = {}
            ends = {video.index: 0.0, audio.index: 0.0}
            digest = hashlib.sha256()
            for packet in container.demux(video, audio):
                if packet.pts is None or packet.time_base is None:
                    continue
                index = packet.stream.index
                if index == audio.index:
                    digest.update(bytes(packet))
                counts[index] += 1
                starts.setdefault(index, float(packet.pts * packet.time_base))
                ends[index] = max(ends[index], float((packet.pts + (packet.duration or 0)) * packet.time_base))
            context = video.codec_context
            names = boxes(path)
            return Facts(
                width=context.width,
                height=context.height,
                frames=counts[video.index],
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
                audio_rate=audio.rate,
                video_start=starts.get(video.index, -1.0),
                audio_start=starts.get(audio.index, -1.0),
                video_seconds=ends[video.index],
                audio_seconds=ends[audio.index],
                moov_first="moov" in names and "mdat" in names and names.index("moov") < names.index("mdat"),
                edit_list="elst" in names,
                audio_packets=digest.hexdigest(),
            )
    except (av.FFmpegError, OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read back ({error})", "render it again") from error


def hear(track: Path) -> Heard:
    """Measures an ADTS file, once for all the shapes that are joined with it.

    Raises:
        InputError: it is none.
    """
    import av

    digest = hashlib.sha256()
    try:
        with av.open(str(track), options={"protocol_whitelist": "file"}) as container:
            for packet in container.demux(container.streams.audio[0]):
                digest.update(bytes(packet)[ADTS_HEADER:])
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise InputError(f"{track.name} cannot be read back ({error})", "render it again") from error
    return Heard(measure_file(track), digest.hexdigest())


def check(path: Path, wanted: Wanted) -> list[Verdict]:
    """All verdicts on one finished file."""
    found = facts(path)
    goal = targets()
    known = wanted.sound is not None and wanted.sound.packets == found.audio_packets
    loud = wanted.sound.loudness if wanted.sound is not None and known else measure_file(path)
    quiet_known = bool(wanted.loudness_note)
    seconds = wanted.frames / wanted.fps
    level = abs(loud.integrated - goal.integrated) <= goal.tolerance
    return [
        Verdict(
            "size",
            f"{found.width}x{found.height}",
            f"{wanted.width}x{wanted.height}",
            (found.width, found.height) == (wanted.width, wanted.height),
        ),
        Verdict("frames", str(found.frames), str(wanted.frames), found.frames == wanted.frames),
        Verdict("frame rate", f"{found.fps:g}", f"{wanted.fps:g}", abs(found.fps - wanted.fps) < 0.01),
        Verdict(
            "codec",
            f"{found.codec} {found.profile}",
            "h264 High",
            found.codec == "h264" and (found.profile == "High" or wanted.draft),
        ),
        Verdict("pixels", found.pixel_format, "yuv420p", found.pixel_format == "yuv420p"),
        Verdict("colours", str(found.colours), "bt709, limited", found.colours == (1, 1, 1, 1)),
        Verdict(
            "sound",
            f"{found.audio_codec} {found.audio_rate}",
            "aac 48000",
            found.audio_codec == "aac" and found.audio_rate == 48_000,
        ),
        Verdict(
            "start",
            f"{found.video_start:.3f} s, {found.audio_start:.3f} s",
            "both 0",
            abs(found.video_start) < 1e-3 and abs(found.audio_start) < 1e-3,
        ),
        Verdict(
            "end",
            f"{found.video_seconds:.3f} s, {found.audio_seconds:.3f} s",
            f"{seconds:.3f} s within 0.045",
            abs(found.video_seconds - seconds) < 0.045 and abs(found.audio_seconds - seconds) < 0.045,
        ),
        Verdict("moov first", str(found.moov_first).lower(), "true", found.moov_first),
        Verdict("no edit list", str(not found.edit_list).lower(), "true", not found.edit_list),
        Verdict(
            "loudness",
            f"{loud.integrated:.1f} LUFS" + (f" ({wanted.loudness_note})" if quiet_known else ""),
            f"{goal.integrated:g} within {goal.tolerance:g}",
            level or quiet_known,
        ),
        Verdict(
            "true peak",
            f"{loud.true_peak:.1f} dBTP",
            f"at most {goal.true_peak:g}",
            loud.true_peak <= goal.true_peak or not loud.true_peak > -120,
        ),
    ]
