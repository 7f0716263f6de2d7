"""A scene and its sound into one MP4: pictures first, then the sound laid beside them.

In: a `Scene`, samples or a track, settings; out: a file at the path that was given, whole or not at all (the caller
renames it). The file has no edit list and moov first; the same input gives the same bytes on one machine.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache, leftovers
from clipper.errors import ClipperError, InputError
from clipper.export import encoders, inside, track
from clipper.export.encoders import X264, Encoder
from clipper.export.faults import DiedError, TooLargeError, disk_full, explained, last
from clipper.export.pipe import Pipe
from clipper.export.quality import Quality
from clipper.media import plain_path, run_ffmpeg
from clipper.progress import Progress, silent
from clipper.sound.decode import Samples

if TYPE_CHECKING:
    from clipper.export.checks.watching import Watch
    from clipper.export.inside import Inside
    from clipper.picture.scene import Scene

CONTAINER = ("-fflags", "+bitexact", "-movflags", "+faststart", "-use_editlist", "0", "-f", "mp4")
LOOK_EVERY = 30  # frames between two looks at how large the file has become


def encode(
    scene: Scene,
    sound: Samples | Path | None,
    path: Path,
    settings: Quality,
    *,
    progress: Progress = silent,
    note: str = "",
    encoder: str = X264,
    piped: bool = False,
    watch: Watch | None = None,
) -> str:
    """Writes `scene` with its sound to `path`.

    Args:
        sound: float32, shape (n, 2), 48 kHz, from the scene's first frame on; or the same as `track.write` left it, so
            that several shapes of a clip encode it only once; None for the picture alone, for `join`.
        encoder: a name out of `encoders.NAMES`.
        piped: libx264, too, in an ffmpeg of its own, as cards are.
        watch: notices what is drawn and encoded, as far as it passes through this process.

    Returns:
        What the producer should know, or nothing: that a card's encoder failed and libx264 did the work.

    Raises:
        UsageError: the named encoder does not work here.
        MissingError: the encoder cannot be started, died, or the disk is full; nothing is left at `path`.
    """
    if sound is None:
        return _pictures(scene, path, settings, progress, note, encoder, piped, watch)
    with (
        cache.passing(path) as pictures,
        tempfile.TemporaryDirectory(prefix=leftovers.folder_prefix()) as folder,
        ThreadPoolExecutor(1) as beside,
    ):
        whole = sound if isinstance(sound, Path) else Path(folder, "sound.aac")
        written = None if isinstance(sound, Path) else beside.submit(track.write, sound, whole, settings)
        said = _pictures(scene, pictures, settings, progress, note, encoder, piped, watch)
        if written is not None:
            written.result()
        join(pictures, whole, path)
    return said


def join(pictures: Path, sound: Path, path: Path) -> None:
    """Lays a finished sound beside finished pictures.

    Args:
        pictures: what `encode` wrote without sound.
        sound: what `track.write` left.

    Raises:
        MissingError: the disk is full, or ffmpeg failed; nothing is left at `path`.
    """
    sources = ["-i", plain_path(pictures), "-i", plain_path(sound), "-map", "0:v:0", "-map", "1:a:0"]
    run = run_ffmpeg(["-v", "error", "-y", *sources, "-map_metadata", "-1", "-c", "copy", *CONTAINER, path])
    if run.returncode:
        path.unlink(missing_ok=True)
        raise explained(path, run.stderr.decode("utf-8", "replace"))


def _pictures(
    scene: Scene,
    path: Path,
    settings: Quality,
    progress: Progress,
    note: str,
    encoder: str,
    piped: bool,
    watch: Watch | None,
) -> str:
    """The picture alone; a card that fails is replaced, a file that grows too fast is begun again with a limit."""
    chosen = encoders.choose(encoder, settings)
    said = ""
    try:
        if chosen.is_card:
            try:
                _attempt(scene, path, settings, chosen, progress, note, watch)
                return ""
            except DiedError as error:
                if disk_full(str(error)):
                    raise
                encoders.failed(chosen.name)
                said = f"{chosen.name} failed ({last(str(error))}), so libx264 was used"
                note = f"{note} · {said}".removeprefix(" · ")
                chosen = Encoder(X264)
        try:
            _attempt(scene, path, settings, chosen, progress, note, watch, piped=piped)
        except TooLargeError:
            _attempt(scene, path, settings, chosen, progress, note, watch, piped=piped, bounded=True)
    except DiedError as error:
        path.unlink(missing_ok=True)
        raise explained(path, str(error)) from error
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return said


def _attempt(
    scene: Scene,
    path: Path,
    settings: Quality,
    encoder: Encoder,
    progress: Progress,
    note: str,
    watch: Watch | None = None,
    *,
    piped: bool = False,
    bounded: bool = False,
) -> None:
    """One run from the first frame to the last.

    Raises:
        DiedError: the encoder ended early or with an error.
        TooLargeError: the file exceeds the quality's most bits a second by more than its buffer; never where the
            encoder itself is `bounded`.
    """
    watched = settings.qp is not None and not bounded and not encoder.is_card
    if watch is not None:
        watch.begin()
    kind: type[Inside | Pipe] = Pipe if encoder.is_card or piped or not inside.available() else inside.Inside
    with kind(scene, path, settings, encoder, bounded, watch) as writer:
        for number in range(scene.frames):
            _draw(writer, number, scene)
            if watch is not None:
                watch.drawn(number, writer.canvas)
            writer.write(number)
            if number % 15 == 0:
                progress("render", number, scene.frames, note)
            if watched and number % LOOK_EVERY == 0:
                most = settings.most_bits * (number / scene.fps) + settings.buffer_bits
                if 8 * writer.written() > most:
                    raise TooLargeError
        writer.finish()
    progress("render", scene.frames, scene.frames, note)


def _draw(writer: Inside | Pipe, number: int, scene: Scene) -> None:
    """Brings the writer's canvas to a frame.

    Raises:
        InputError: a layer failed; its own error is the cause.
    """
    try:
        writer.canvas.show(number)
    except ClipperError:
        raise
    except Exception as error:
        raise InputError(
            f"drawing the picture at {number / scene.fps:.2f} s failed: {type(error).__name__}: {error}",
            "try another template, and report this one; --verbose shows where it happened",
        ) from error
