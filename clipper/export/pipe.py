"""An encoder in an ffmpeg of its own: planes go down a pipe while the next frame is drawn.

In: a `Scene`, settings; out: an MP4 without sound.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from clipper.errors import MissingError
from clipper.export.encoders import Encoder
from clipper.export.faults import DiedError
from clipper.export.quality import Quality
from clipper.media import ffmpeg, on_leash, plain_path

if TYPE_CHECKING:
    from clipper.export.checks.watching import Watch
    from clipper.picture.scene import Scene

SIGXFSZ = 25  # the process reached the largest file that it may write; Windows has no such signal
PIPE_BYTES = 1 << 20  # what Linux lets anyone have: a third of a frame


class Pipe:
    """A writer of one file. What the encoder makes stays in its own process, so a `watch` gets no packets.

    Attributes:
        canvas: on which the frame is drawn before `write`.
    """

    def __init__(
        self, scene: Scene, path: Path, settings: Quality, encoder: Encoder, bounded: bool, watch: Watch | None = None
    ) -> None:
        self.canvas = scene.planes()
        self._path = path
        path.unlink(missing_ok=True)  # the watch on its size must not see an earlier file
        self._messages: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by __exit__
        command = _command(scene, path, settings, encoder, bounded)
        try:
            self._process = subprocess.Popen(
                on_leash(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._messages,
                bufsize=0,
                start_new_session=True,  # Ctrl-C reaches only this program, which then ends it
            )
        except OSError as error:
            self._messages.close()
            raise MissingError(f"the encoder cannot be started: {error}", "run clipper doctor") from error
        assert self._process.stdin is not None
        self._stdin = self._process.stdin
        with suppress(ImportError, AttributeError, OSError):  # a larger pipe means fewer waits; Linux only
            import fcntl

            fcntl.fcntl(self._stdin.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._stdin.close()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._messages.close()

    def write(self, number: int) -> None:
        """Sends what is on the canvas.

        Raises:
            DiedError: the encoder is gone.
        """
        view = self.canvas.buffer.data
        handle = self._stdin.fileno()
        try:
            while len(view):
                view = view[os.write(handle, view) :]
        except BrokenPipeError:
            self._process.wait()
            raise DiedError(self._said()) from None

    def finish(self) -> None:
        """Waits for the file's end.

        Raises:
            DiedError: the encoder failed.
        """
        with suppress(BrokenPipeError):
            self._stdin.close()
        if self._process.wait():
            raise DiedError(self._said())

    def written(self) -> int:
        """Bytes in the file so far."""
        return self._path.stat().st_size if self._path.exists() else 0

    def _said(self) -> str:
        """What ffmpeg wrote, or which signal ended it."""
        code = self._process.returncode
        self._messages.seek(0)
        text = self._messages.read().decode("utf-8", "replace").strip()
        if code == -SIGXFSZ:
            return "File too large"
        if code < 0:
            text = f"{text}\nit was ended by signal {-code}"
        return text.strip() or f"it ended with code {code} and no message"


def _command(scene: Scene, path: Path, settings: Quality, encoder: Encoder, bounded: bool) -> list[str]:
    width, height = scene.size
    gop = max(1, round(settings.gop_seconds * scene.fps))
    colour = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    return [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"),
        *encoder.before_input(),
        *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", f"{width}x{height}"),
        *("-framerate", f"{scene.rate.numerator}/{scene.rate.denominator}", *colour, "-i", "pipe:0"),
        *("-map", "0:v:0", "-map_metadata", "-1", *encoder.arguments(settings, gop, bounded=bounded), *colour),
        *("-fflags", "+bitexact", "-movflags", "+faststart", "-use_editlist", "0", "-f", "mp4", plain_path(path)),
    ]
