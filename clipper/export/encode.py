"""A scene and its sound into one MP4: planes go down a pipe to the encoder while the next frame is drawn.

In: a `Scene`, samples, settings; out: a file at the path that was given, whole or not at all (the caller renames it).
The file has no edit list and moov first; the same input gives the same bytes on one machine.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from clipper import cache
from clipper.errors import ClipperError, InputError, MissingError
from clipper.export import encoders
from clipper.export.encoders import X264, Encoder
from clipper.export.quality import Quality
from clipper.export.track import sound_arguments
from clipper.media import ffmpeg
from clipper.progress import Progress, silent
from clipper.sound.decode import Samples

if TYPE_CHECKING:
    from clipper.picture.canvas import YuvCanvas
    from clipper.picture.scene import Scene

SIGXFSZ = 25  # the process reached the largest file that it may write; Windows has no such signal
PIPE_BYTES = 1 << 20  # what Linux lets anyone have: a third of a frame
LOOK_EVERY = 30  # frames between two looks at how large the file has become


class _DiedError(Exception):
    """The encoder ended before it should; carries its messages."""


class _TooLargeError(Exception):
    """The file grows faster than the quality's most bits a second."""


def encode(
    scene: Scene,
    samples: Samples,
    path: Path,
    settings: Quality,
    *,
    progress: Progress = silent,
    note: str = "",
    encoder: str = X264,
    track: Path | None = None,
) -> str:
    """Writes `scene` with its sound to `path`.

    Args:
        samples: float32, shape (n, 2), 48 kHz, from the scene's first frame on; not used where there is a `track`.
        encoder: a name out of `encoders.NAMES`.
        track: the same sound as `track.write` left it, so that several shapes of a clip encode it only once.

    Returns:
        What the producer should know, or nothing: that a card's encoder failed and libx264 did the work.

    Raises:
        UsageError: the named encoder does not work here.
        MissingError: the encoder cannot be started, died, or the disk is full; nothing is left at `path`.
    """
    chosen = encoders.choose(encoder, settings)
    said = ""
    try:
        if chosen.is_card:
            try:
                _attempt(scene, samples, path, settings, chosen, track, progress, note)
                return ""
            except _DiedError as error:
                if _disk_full(str(error)):
                    raise
                encoders.failed(chosen.name)
                said = f"{chosen.name} failed ({_last(str(error))}), so libx264 was used"
                note = f"{note} · {said}".removeprefix(" · ")
                chosen = Encoder(X264)
        try:
            _attempt(scene, samples, path, settings, chosen, track, progress, note)
        except _TooLargeError:
            _attempt(scene, samples, path, settings, chosen, track, progress, note, bounded=True)
    except _DiedError as error:
        path.unlink(missing_ok=True)
        raise _explained(path, str(error)) from error
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return said


def _attempt(
    scene: Scene,
    samples: Samples,
    path: Path,
    settings: Quality,
    encoder: Encoder,
    track: Path | None,
    progress: Progress,
    note: str,
    *,
    bounded: bool = False,
) -> None:
    """One run of ffmpeg from the first frame to the last.

    Raises:
        _DiedError: it ended early or with an error.
        _TooLargeError: see `_feed`; never where the encoder itself is `bounded`.
    """
    path.unlink(missing_ok=True)  # the watch on its size must not see an earlier file
    watch = path if settings.qp is not None and not bounded and not encoder.is_card else None
    with tempfile.TemporaryDirectory(prefix="clipper-") as folder:
        try:
            sound = sound_arguments(samples, track, Path(folder), settings)
        except OSError as error:
            raise cache.cannot_write(Path(folder), error) from error
        with Path(folder, "messages.txt").open("w+b") as messages:
            command = _command(scene, sound, path, settings, encoder, bounded)
            with _running(command, messages) as process:
                try:
                    _feed(process, scene, settings, watch, progress, note)
                except BrokenPipeError:
                    process.wait()
                    raise _DiedError(_said(messages, process.returncode)) from None
                if process.wait():
                    raise _DiedError(_said(messages, process.returncode))


@contextmanager
def _running(command: list[str], messages: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """ffmpeg as a process that does not outlive the block; Ctrl-C reaches only this program, which then ends it."""
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
    assert process.stdin is not None
    try:
        with suppress(ImportError, AttributeError, OSError):  # a larger pipe means fewer waits; Linux only
            import fcntl

            fcntl.fcntl(process.stdin.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        yield process
    finally:
        with suppress(OSError):
            process.stdin.close()
        if process.poll() is None:
            process.kill()
            process.wait()


def _feed(
    process: subprocess.Popen[bytes],
    scene: Scene,
    settings: Quality,
    watch: Path | None,
    progress: Progress,
    note: str,
) -> None:
    """Draws every frame and writes its planes; ffmpeg's own queue of a few frames bridges one that takes longer.

    Raises:
        _TooLargeError: the file at `watch` exceeds the quality's most bits a second by more than its buffer.
    """
    assert process.stdin is not None
    canvas = scene.planes()
    handle = process.stdin.fileno()
    for number in range(scene.frames):
        view = _drawn(canvas, number, scene.fps)
        while len(view):
            view = view[os.write(handle, view) :]
        if number % 15 == 0:
            progress("render", number, scene.frames, note)
        if watch is not None and number % LOOK_EVERY == 0:
            bits = 8 * (watch.stat().st_size if watch.exists() else 0)
            if bits > settings.most_bits * (number / scene.fps) + settings.buffer_bits:
                raise _TooLargeError
    process.stdin.close()
    progress("render", scene.frames, scene.frames, note)


def _drawn(canvas: YuvCanvas, number: int, fps: float) -> memoryview:
    """A frame's planes.

    Raises:
        InputError: a layer failed; its own error is the cause.
    """
    try:
        return canvas.show(number)
    except ClipperError:
        raise
    except Exception as error:
        raise InputError(
            f"drawing the picture at {number / fps:.2f} s failed: {type(error).__name__}: {error}",
            "try another template, and report this one; --verbose shows where it happened",
        ) from error


def _command(
    scene: Scene, sound: tuple[list[str], list[str]], path: Path, settings: Quality, encoder: Encoder, bounded: bool
) -> list[str]:
    width, height = scene.size
    gop = max(1, round(settings.gop_seconds * scene.fps))
    colour = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    sound_input, sound_output = sound
    return [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"),
        *encoder.before_input(),
        *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", f"{width}x{height}"),
        *("-framerate", f"{scene.rate.numerator}/{scene.rate.denominator}", *colour, "-i", "pipe:0"),
        *(*sound_input, "-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1"),
        *(*encoder.arguments(settings, gop, bounded=bounded), *colour, *sound_output),
        *("-fflags", "+bitexact", "-movflags", "+faststart", "-use_editlist", "0", "-f", "mp4", str(path)),
    ]


def _said(messages: IO[bytes], code: int) -> str:
    """What ffmpeg wrote, or which signal ended it."""
    messages.seek(0)
    text = messages.read().decode("utf-8", "replace").strip()
    if code == -SIGXFSZ:
        return "File too large"
    if code < 0:
        text = f"{text}\nit was ended by signal {-code}"
    return text.strip() or f"it ended with code {code} and no message"


def _last(text: str, count: int = 3) -> str:
    """The last lines that say something."""
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-count:])


def _disk_full(text: str) -> bool:
    return any(sign in text for sign in ("No space left", "Disk quota exceeded", "File too large"))


def _explained(path: Path, text: str) -> ClipperError:
    if _disk_full(text):
        return MissingError(
            f"no room on the disk for {path.parent}",
            "free some space or choose another folder with -o, then run it again",
        )
    return MissingError(f"the encoder stopped: {_last(text)}", "run clipper doctor, then try again")
