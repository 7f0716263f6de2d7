"""Where ffmpeg is, how it is run, and what a media file holds.

In: paths; out: facts. Nothing here goes through a shell, and ffmpeg may open local files only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clipper.editlist import is_plain
from clipper.errors import InputError, MissingError

if TYPE_CHECKING:
    from numpy.typing import NDArray


# What a stranger's file may be: containers that hold their own sound. Playlists (hls, dash, concat), descriptions of
# streams (sdp), scripts and generators (lavfi) name other files or hosts and are none of them.
# Source: the demuxers of FFmpeg 7 behind the endings in episode/source.py, and what mislabelled files turn out to be.
CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,f32le,flac,flv,loas,m4v,matroska,mov,mp3,mpc,"
    "mpc8,mpeg,mpegts,mpegvideo,mxf,ogg,tak,truehd,tta,voc,w64,wav,webm,wv,xwma"
)
LOCAL = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}  # options for `av.open`


def opening(path: Path) -> dict[str, str]:
    """Options for `av.open` of an episode, which may be long and a stranger's."""
    return {**LOCAL, "advanced_editlist": "0"} if is_plain(path) else LOCAL


@cache
def ffmpeg() -> str:
    """The path of ffmpeg: CLIPPER_FFMPEG, else the build that imageio-ffmpeg brings.

    Raises:
        MissingError: neither is there.
    """
    named = os.environ.get("CLIPPER_FFMPEG")
    if named:
        return named
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MissingError("no ffmpeg found", "pip install imageio-ffmpeg, or set CLIPPER_FFMPEG") from error


@cache
def _leash() -> tuple[str, ...]:
    """What makes a program end with us, however we end; empty where the system has nothing of the kind."""
    program = shutil.which("setpriv") if sys.platform == "linux" else None
    if program is None:
        return ()
    leash = (program, "--pdeathsig", "KILL", "--")
    try:  # a smaller one, as BusyBox has it, does not know how
        return leash if subprocess.run([*leash, "true"], capture_output=True, check=False).returncode == 0 else ()
    except OSError:
        return ()


def on_leash(command: Sequence[str]) -> list[str]:
    """`command` so that the system ends it when this process is gone, even by kill -9.

    Linux alone can do so, and counts the thread that starts the program as this process: it must wait for the end.
    Elsewhere an encoder ends because nobody feeds it any more, and the rest because what they do is short.
    """
    there = shutil.which(command[0]) is not None  # else the one who starts it tells what is wrong
    return [*(_leash() if there else ()), *command]


def run_ffmpeg(arguments: Sequence[str | Path], *, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs ffmpeg to its end with local files only; never asks, never overwrites without being told to (-y).

    Raises:
        MissingError: ffmpeg cannot be started.
    """
    words = [plain_path(one) if isinstance(one, Path) else one for one in arguments]
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-protocol_whitelist", "file,pipe", *words]
    if data is not None:
        command.remove("-nostdin")
    try:
        return subprocess.run(on_leash(command), input=data, capture_output=True, check=False)
    except OSError as error:
        raise MissingError(
            f"ffmpeg cannot be started: {error}", "pip install --force-reinstall imageio-ffmpeg"
        ) from error


def plain_path(path: Path) -> str:
    """A path as an argument that can be taken neither for an option ("-y.mp3") nor for a protocol ("concat:a.mp3")."""
    return f"file:{path}"


def last_line(output: bytes) -> str:
    """The last line of ffmpeg's messages that says something."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "no message"


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What the first sound stream of a file is: `seconds` is None where no header says it; `tracks` counts all."""

    codec: str
    rate: int
    channels: int
    seconds: float | None
    tracks: int = 1


def probe_sound(path: Path) -> SoundFacts:
    """Opens `path` as a stranger would and reads its first sound stream's header.

    Raises:
        InputError: no such file, empty, no media, or no sound in it.
    """
    import av

    if not path.is_file():
        raise InputError(f"there is no audio file {path}", "check the name, or name the file with --audio")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty", "export or download the audio again")
    try:
        with av.open(str(path), options=opening(path)) as container:
            if not container.streams.audio:
                raise InputError(f"{path.name} has no sound in it", "name the episode's audio with --audio")
            stream = container.streams.audio[0]
            seconds = None
            if stream.duration is not None and stream.time_base is not None:
                seconds = float(stream.duration * stream.time_base)
            elif container.duration is not None:
                seconds = container.duration / av.time_base
            tracks = len(container.streams.audio)
            return SoundFacts(stream.codec_context.name, stream.rate, stream.channels, seconds, tracks)
    except (av.FFmpegError, ValueError, OSError) as error:
        raise InputError(
            f"{path.name} is not an audio or video file that can be read ({error})",
            "export it as MP3, M4A or WAV and try again",
        ) from error


class Mix:
    """Decoded frames of any rate, format and layout to one; a stream may change all three on its way.

    Mono is never the silence that two opposite channels would make (see `channels`).

    Args:
        sample_format: packed, as ffmpeg names it ("s16", "flt").
        layout: "mono" or "stereo".
        rate: in Hz.
    """

    def __init__(self, sample_format: str, layout: str, rate: int) -> None:
        from clipper.channels import Uncancelled

        self._format, self._layout, self._rate = sample_format, layout, rate
        self._channels = 2 if layout == "stereo" else 1
        self._sides = Uncancelled() if layout == "mono" else None
        self._resampler: Any = None
        self._form: tuple[object, ...] = ()

    def __call__(self, frame: Any | None) -> Iterator[NDArray[Any]]:
        """The samples that come out when `frame` goes in, shape (n, channels); None flushes."""
        if self._sides is not None:
            for one in self._sides.rest() if frame is None else self._sides.push(frame):
                yield from self._mixed(one)
        elif frame is not None:
            yield from self._mixed(frame)
        if frame is None:
            yield from self._run(None)

    def _mixed(self, frame: Any) -> Iterator[NDArray[Any]]:
        import av

        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            yield from self._run(None)
            self._resampler = av.AudioResampler(self._format, self._layout, self._rate)
            self._form = form
        frame.pts = None  # gaps and jumps of the container's clock are not the sound's
        yield from self._run(frame)

    def _run(self, frame: Any | None) -> Iterator[NDArray[Any]]:
        if self._resampler is None:
            return
        for made in self._resampler.resample(frame):
            if made.samples:
                yield made.to_ndarray().reshape(-1, self._channels)
