"""libx264 in this process, by PyAV: the canvas draws into the very planes that the encoder reads, so that no frame is
copied or sent anywhere.

In: a `Scene`, settings; out: an MP4 without sound. x264's own threads encode while the next frame is drawn. A card's
encoder, and an ffmpeg without PyAV's libx264, take the way through a pipe (see `pipe`).
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from clipper.export.encoders import X264, Encoder, threads
from clipper.export.faults import DiedError
from clipper.export.quality import Quality
from clipper.media import plain_path

if TYPE_CHECKING:
    from clipper.export.checks.watching import Watch
    from clipper.picture.scene import Scene


@cache
def available() -> bool:
    """Whether PyAV was built with libx264; the wheels are."""
    import av

    return X264 in av.codecs_available


class Inside:
    """A writer of one file.

    Attributes:
        canvas: on which the frame is drawn before `write`.
    """

    def __init__(
        self, scene: Scene, path: Path, settings: Quality, encoder: Encoder, bounded: bool, watch: Watch | None = None
    ) -> None:
        import av

        width, height = scene.size
        self._frame: Any = av.VideoFrame(width, height, "yuv420p")
        planes = [
            np.frombuffer(memoryview(p), np.uint8)[: p.height * p.line_size].reshape(-1, p.line_size)[:, : p.width]
            for p in self._frame.planes
        ]
        self.canvas = scene.planes((planes[0], planes[1], planes[2]))
        self._bytes = 0
        options = encoder.options(settings, max(1, round(settings.gop_seconds * scene.fps)), bounded=bounded)
        container = {"movflags": "+faststart", "use_editlist": "0", "fflags": "+bitexact"}
        try:
            self._file: Any = av.open(plain_path(path), "w", format="mp4", options=container)
            stream: Any = self._file.add_stream(X264, rate=scene.rate, options=options)
            context = stream.codec_context
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            context.thread_count, context.thread_type = threads(), "FRAME"
            context.color_range, context.colorspace = 1, 1  # limited, BT.709
            context.color_primaries, context.color_trc = 1, 1
            context.time_base = self._frame.time_base = 1 / scene.rate
        except (av.FFmpegError, OSError, ValueError) as error:
            raise DiedError(_said(error)) from error
        self._stream, self._watch = stream, watch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is not None:
            import av

            with suppress(av.FFmpegError, OSError, ValueError):
                self._file.close()  # a file that is given up need not be closed well

    def write(self, number: int) -> None:
        """Encodes what is on the canvas as frame `number`.

        Raises:
            DiedError: the encoder or the disk failed.
        """
        # x264 copies the planes before it returns, so the frame can be drawn on at once
        self._frame.pts = number
        self._mux(self._frame)

    def finish(self) -> None:
        """Writes what the encoder still holds, and the file's end.

        Raises:
            DiedError: the encoder or the disk failed.
        """
        import av

        self._mux(None)
        try:
            self._file.close()
        except (av.FFmpegError, OSError) as error:
            raise DiedError(_said(error)) from error

    def written(self) -> int:
        """Bytes of pictures so far."""
        return self._bytes

    def _mux(self, frame: Any) -> None:
        import av

        try:
            for packet in self._stream.encode(frame):
                self._bytes += packet.size
                if self._watch is not None:
                    self._watch.packet(bytes(packet), packet.is_keyframe, self._stream.codec_context.extradata)
                self._file.mux(packet)
        except (av.FFmpegError, OSError) as error:
            raise DiedError(_said(error)) from error


def _said(error: Exception) -> str:
    """ffmpeg's own words for an error."""
    return str(getattr(error, "strerror", None) or error)
