"""What clips look like: frames drawn by the very scene that is exported, kept for as long as they are looked at.

In: a plan's state and a clip; out: JPEG or PNG bytes. Scenes are kept by what they are made of, a few at a time, so
that memory has a bound.
"""

from __future__ import annotations

import io
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clipper import cache
from clipper.errors import UsageError
from clipper.plan.edits import Said
from clipper.plan.model import Format
from clipper.studio.asked import find
from clipper.studio.desk import Desk, State

if TYPE_CHECKING:
    from clipper.export.aside import Levels
    from clipper.export.job import Job, Source
    from clipper.picture.scene import Scene

Size = Literal["small", "preview", "full"]
SCALES: dict[Size, float] = {"small": 0.25, "preview": 0.5, "full": 1.0}
SCENES = 6  # a preview's has about 10 MB, a full one's 40
JOBS = 32
QUALITY = 86  # of JPEG: at arm's length no different from the export
MOST_FRAMES = 90  # in one answer


class Looker:
    """Frames of one episode's clips; one is drawn at a time.

    Args:
        levels: of a clip's waveform, from its job.
    """

    def __init__(self, desk: Desk, levels: Callable[[Job], Levels]) -> None:
        self._desk, self._levels = desk, levels
        self._lock = threading.RLock()
        self._scenes: OrderedDict[tuple[object, ...], Scene] = OrderedDict()
        self._jobs: OrderedDict[tuple[object, ...], Job] = OrderedDict()
        self._source: tuple[object, Source, Said] | None = None

    def job(self, state: State, name: str, template: str | None = None) -> Job:
        """What a clip is made of, in all three shapes.

        Args:
            template: to see it in another one than the plan's.

        Raises:
            ClipperError: something that it is made of cannot be used.
        """
        from clipper.batch import videos
        from clipper.plan.model import FORMATS

        plan, out = state.plan, self._desk.out
        clip = find(plan, name)
        if template is not None:
            clip = clip.changed(template=template)
        with self._lock:
            key = (self._shared(state), clip.model_dump_json(), clip.template or plan.template)
            made = self._jobs.get(key)
            if made is None:
                whole = clip.changed(formats=FORMATS)
                source, said = self._source_of(state)
                made = videos.jobs_of(out, plan, self._desk.transcript, [whole], None, source=source, said=said)[0]
                self._jobs[key] = made
                _bound(self._jobs, JOBS)
            self._jobs.move_to_end(key)
            return made

    def frame(
        self,
        state: State,
        name: str,
        shape: Format,
        seconds: float,
        *,
        size: Size = "preview",
        safe: tuple[str, ...] | None = None,
        template: str | None = None,
        lossless: bool = False,
    ) -> bytes:
        """The frame that shows at `seconds` of the clip.

        Args:
            safe: platforms whose buttons are veiled; () is all, None lays nothing over it.
            lossless: PNG.
        """
        from clipper.export.preview import frame_png

        with self._lock:
            scene = self.scene(state, name, shape, size, safe, template)
            number = round(seconds * float(scene.rate))
            return frame_png(scene, number) if lossless else _jpeg(scene, number)

    def frames(
        self,
        state: State,
        name: str,
        shape: Format,
        first: int,
        count: int,
        step: int,
        *,
        size: Size = "preview",
        safe: tuple[str, ...] | None = None,
    ) -> Iterator[bytes]:
        """Frames one after the other, each as its number and length (two big-endian uint32) and its JPEG."""
        if not 1 <= count <= MOST_FRAMES or step < 1:
            raise UsageError(f"{count} frames cannot be had at once", f"ask for 1 to {MOST_FRAMES}")
        with self._lock:
            scene = self.scene(state, name, shape, size, safe)
        for number in range(first, min(scene.frames, first + count * step), step):
            with self._lock:
                data = _jpeg(scene, number)
            yield struct.pack(">II", number, len(data)) + data

    def scene(
        self,
        state: State,
        name: str,
        shape: Format,
        size: Size,
        safe: tuple[str, ...] | None = None,
        template: str | None = None,
    ) -> Scene:
        """The scene itself; its frames are drawn under this object's lock."""
        from clipper.export.clip import scene_of

        with self._lock:
            job = self.job(state, name, template)
            key = job.wanted[shape], job.clip.id, shape, size, safe
            scene = self._scenes.get(key)
            if scene is None:
                scene = scene_of(job, shape, self._levels(job), scale=SCALES[size], safe=safe)
                self._scenes[key] = scene
                _bound(self._scenes, SCENES)
            self._scenes.move_to_end(key)
            return scene

    def _source_of(self, state: State) -> tuple[Source, Said]:
        from clipper.batch import videos

        key = self._shared(state)
        if self._source is None or self._source[0] != key:
            words = self._desk.transcript
            source = videos.source_of(self._desk.out, state.plan, words)
            self._source = key, source, Said(words.words, (), words.duration)
            self._jobs.clear()
        return self._source[1:]

    def _shared(self, state: State) -> str:
        """A name for what all clips share; changes when any of it does on disk."""
        from clipper.batch.wishes import show_of

        plan, folder = state.plan, self._desk.folder
        show = show_of(plan.episode, self._desk.out)
        files = [folder.find(plan.audio), folder.find(plan.cover), folder.episode, show.path]
        fields = plan.model_dump(mode="json", exclude={"clips", "coverage", "last_id", "spelling"})
        return cache.key("studio-source", 1, plan=fields, words=self._desk.words_version, files=[*map(_stat, files)])


def _jpeg(scene: Scene, number: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(scene.frame(number)).save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()


def _stat(path: Path | None) -> object:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return None if found is None else (str(path), found.st_mtime_ns, found.st_size)


def _bound(kept: OrderedDict[tuple[object, ...], Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
