"""A scene and its sound into one MP4: planes go down a pipe to x264 while the next frame is drawn.

In: a `Scene`, samples, settings; out: a file at the path that was given, whole or not at all (the caller renames it).
The file has no edit list and moov first; the same input gives the same bytes on one machine.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from clipper.errors import MissingError
from clipper.export.quality import Quality
from clipper.media import ffmpeg, last_line
from clipper.progress import Progress, silent
from clipper.sound.decode import Samples
from clipper.sound.wav import write_wav

if TYPE_CHECKING:
    from clipper.picture.scene import Scene

# Samples that the AAC encoder puts in front. Without an edit list they are played, and ffmpeg would hold the first frame
# longer to make up for them. Instead the first 1024 samples of the clip (21 ms, inside its fade) give way to them, and
# the packets are stamped from zero: picture and sound both start at 0 and stay together.
AAC_PRIMING = 1024
PIPE_BYTES = 1 << 20


def encode(
    scene: Scene, samples: Samples, path: Path, settings: Quality, *, progress: Progress = silent, note: str = ""
) -> None:
    """Writes `scene` with its sound to `path`.

    Raises:
        MissingError: the encoder cannot be started, died, or the disk is full; nothing of use is left at `path`.
    """
    with tempfile.TemporaryDirectory(prefix="clipper-") as folder:
        sound = Path(folder, "sound.wav")
        write_wav(sound, samples[AAC_PRIMING:] if len(samples) > AAC_PRIMING else samples)
        with Path(folder, "messages.txt").open("w+b") as messages:
            process = _start(_command(scene, sound, path, settings), messages)
            try:
                _feed(process, scene, progress, note)
                code = process.wait()
            except BrokenPipeError:
                code = process.wait() or 1
            except BaseException:
                process.kill()
                process.wait()
                raise
            if code:
                messages.seek(0)
                raise _died(path, messages.read())


def _start(command: list[str], messages: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            bufsize=0,
            start_new_session=True,
        )
    except OSError as error:
        raise MissingError(f"the encoder cannot be started: {error}", "run clipper doctor") from error
    with suppress(ImportError, AttributeError, OSError):  # a larger pipe means fewer waits; Linux only
        import fcntl

        assert process.stdin is not None
        fcntl.fcntl(process.stdin.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return process


def _feed(process: subprocess.Popen[bytes], scene: Scene, progress: Progress, note: str) -> None:
    assert process.stdin is not None
    canvas = scene.planes()
    handle = process.stdin.fileno()
    for number in range(scene.frames):
        view = canvas.show(number)
        while len(view):
            view = view[os.write(handle, view) :]
        if number % 15 == 0:
            progress("render", number, scene.frames, note)
    process.stdin.close()
    progress("render", scene.frames, scene.frames, note)


def _command(scene: Scene, sound: Path, path: Path, settings: Quality) -> list[str]:
    width, height = scene.size
    gop = max(1, round(settings.gop_seconds * scene.fps))
    colour = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    tags = "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off"
    return [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-v", "warning", "-y", "-protocol_whitelist", "file,pipe"),
        *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", f"{width}x{height}"),
        *("-framerate", f"{scene.fps:g}", *colour, "-i", "pipe:0"),
        *("-i", str(sound), "-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1"),
        *("-c:v", "libx264", "-preset", settings.preset, "-crf", f"{settings.crf:g}", "-profile:v", "high"),
        *("-maxrate", settings.maxrate, "-bufsize", settings.bufsize, "-bf", "0", "-g", str(gop)),
        *("-sc_threshold", "0", "-flags:v", "+cgop+bitexact", "-threads:v", str(min(8, os.cpu_count() or 2))),
        *("-x264-params", ":".join(filter(None, [settings.params, tags]))),
        *("-pix_fmt", "yuv420p", *colour),
        *("-c:a", "aac", "-b:a", settings.audio_bitrate, "-ar", "48000", "-ac", "2", "-flags:a", "+bitexact"),
        *("-bsf:a", f"setts=ts=TS+{AAC_PRIMING}"),
        *("-fflags", "+bitexact", "-movflags", "+faststart", "-use_editlist", "0", "-f", "mp4", str(path)),
    ]


def _died(path: Path, messages: bytes) -> MissingError:
    if b"No space left" in messages:
        return MissingError(
            f"no room on the disk for {path.parent}",
            "free some space or choose another folder with -o, then run it again",
        )
    return MissingError(f"the encoder stopped: {last_line(messages)}", "run clipper doctor, then try again")
