"""One clip of a plan as finished files: shapes, captions, cover, post text, each checked before it gets its name.

In: a `Job`; out: a folder OUT/clips/NN-slug. Pictures are drawn and encoded here; sound, joining and checking go on
beside them (see `aside`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.errors import FellShortError
from clipper.export.aside import Aside, ClipSound, Levels, Seconds
from clipper.export.checks import Verdict, Wanted
from clipper.export.checks import verdicts as judged
from clipper.export.checks.captions import caption_file, files_in_step
from clipper.export.checks.fresh import Known, check
from clipper.export.checks.watching import Watch, moments
from clipper.export.checks.whole import CAPTIONS, by_hand, edges_of, facts_of, inks_of, said_of, size_of
from clipper.export.encode import encode, join
from clipper.export.job import GRID, Job
from clipper.export.quality import Quality
from clipper.picture import compose, rate
from clipper.picture.alt import alt_text
from clipper.picture.captions import Group
from clipper.picture.sidecar import srt, vtt
from clipper.picture.thumbnail import cover_frame, grid_crop
from clipper.plan.model import Clip, Format
from clipper.progress import Progress, silent
from clipper.sound.envelope import levels
from clipper.sound.make import make

if TYPE_CHECKING:
    from PIL import Image

    from clipper.export.checks.model import Ink
    from clipper.export.checks.watching import Watched
    from clipper.picture.scene import Scene


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished clip.

    Attributes:
        folder: OUT/clips/NN-slug.
        files: the MP4 of each shape.
        verdicts: of the shapes made in this run, and of those kept that fell short before.
        made: the shapes made in this run, the others were kept.
        seconds: how long it is.
        note: what the sound could not reach, what cannot be read, fonts that had to stand in; or empty.
    """

    clip: Clip
    folder: Path
    files: dict[Format, Path]
    verdicts: dict[Format, list[Verdict]] = field(default_factory=dict)
    made: tuple[Format, ...] = ()
    note: str = ""
    seconds: float = 0.0

    @property
    def fallen(self) -> list[tuple[Format, Verdict]]:
        """What fell short, and in which shape: such a file is there, and is not done."""
        return [(name, v) for name, rows in self.verdicts.items() for v in rows if not v.good]

    @property
    def short(self) -> list[str]:
        """The same, a line each."""
        return [f"{name}: {v}" for name, v in self.fallen]


def render(
    job: Job,
    aside: Aside,
    *,
    meanwhile: Callable[[], None] = lambda: None,
    seconds: Seconds | None = None,
    progress: Progress = silent,
) -> Rendered:
    """Makes what is missing of one clip.

    Args:
        meanwhile: called once while the first picture is about to be drawn, to begin what comes later.

    Raises:
        ClipperError: an input, the disk or the encoder failed; finished files stay, nothing half-written is left.
    """
    seconds = seconds or Seconds()
    note = str(job.manifest.get("note", ""))
    if job.idle:
        again = {name: _look_again(job, name) for name in job.short}
        return Rendered(job.clip, job.folder, job.files, again, note=note, seconds=job.seconds)
    job.begin()
    progress("sound", 0, 1, job.clip.title)
    sound = aside.sound(job.recipe, job.frames, job.output)
    import clipper.picture.scene  # noqa: F401  # moviepy takes a quarter of a second, while the sound is cut

    groups = _groups(job)
    cut = edges_of(job, said_of(job.source.transcript))
    pictures: dict[Format, Image.Image] = {}
    checked: dict[Format, Future[list[Verdict]]] = {}
    said: list[str] = [job.output.note()]
    with ExitStack() as waiting:
        for name in job.missing:
            began = time.perf_counter()
            scene = _scene(job, name, groups[name], sound.levels.result)
            inks = _inks(job, name, groups[name], aside, sound)
            watch = _watch(job, aside, scene, groups[name])
            said += scene.notes
            if name in job.covers.values():
                pictures[name] = _cover(job, scene, groups[name], sound.levels.result)
            if name == job.missing[0]:
                progress("sound", 1, 1, job.clip.title)
                meanwhile()
            drawn = waiting.enter_context(cache.passing(job.folder / f"{name}.mp4"))
            label = f"{job.clip.title} · {name}"
            said.append(
                encode(
                    scene,
                    None,
                    drawn,
                    job.output.quality,
                    progress=progress,
                    note=label,
                    encoder=job.output.encoder,
                    watch=watch,
                )
            )
            seconds.render += time.perf_counter() - began
            watched = watch.end() if watch is not None else None

            def known(
                wanted: Wanted, scene: Scene = scene, name: Format = name, inks: Callable[[], list[Ink]] = inks,
                watched: Callable[[], Watched] | None = watched,
            ) -> Known:  # fmt: skip
                return Known(wanted, job.recipe, scene, groups[name], cut, by_hand(job.clip), inks, watched)

            checked[name] = aside.do(partial(_complete, job, name, drawn, sound, seconds, known))
            waiting.callback(wait, [checked[name]])  # whatever happens to the next shape, this one is finished
        progress("check", 0, 1, job.clip.title)
        verdicts = {name: one.result() for name, one in checked.items()}
        finished, _ = sound.finished.result()
        heights = sound.levels.result()
    seconds.sound += sound.seconds.sound
    if job.missing:
        note = "; ".join(dict.fromkeys(filter(None, [finished.note, *finished.noticed, *said])))
    _sidecars(job, groups, heights, pictures, note)
    _look_at_captions(job, groups[job.formats[0]], verdicts)
    verdicts |= {name: _look_again(job, name) for name in job.short if name not in verdicts}
    progress("check", 1, 1, job.clip.title)
    return Rendered(job.clip, job.folder, job.files, verdicts, job.missing, note, job.seconds)


def _inks(
    job: Job, name: Format, groups: Sequence[Group], aside: Aside, sound: ClipSound
) -> Callable[[], list[Ink]]:  # fmt: skip
    """Where ink lies: looked at while the sound is cut, which the first picture waits for; else beside the drawing."""
    if sound.levels.done():
        return aside.do(partial(inks_of, job, name, groups, size_of(job, name))).result
    found = inks_of(job, name, groups, size_of(job, name))
    return lambda: found


def _watch(job: Job, aside: Aside, scene: Scene, groups: Sequence[Group]) -> Watch | None:
    """Where the encoder works by a quantiser, what it skips stands still; elsewhere the finished file is decoded."""
    if job.output.quality.qp is None:
        return None
    gop = max(1, round(job.output.quality.gop_seconds * scene.fps))
    return Watch(aside.do, scene.rate, moments(groups, scene.frames, scene.fps, gop))


def _look_at_captions(job: Job, groups: Sequence[Group], verdicts: dict[Format, list[Verdict]]) -> None:
    """The caption files, which belong to the first shape's picture."""
    first = job.formats[0]
    rows = files_in_step([caption_file(job.folder / name) for name in CAPTIONS], groups, job.seconds)
    if first in verdicts:
        verdicts[first] += rows
        job.fell_short(first, [v for v in verdicts[first] if not v.good])
    elif not all(v.good for v in rows):
        verdicts[first] = _look_again(job, first)


def _look_again(job: Job, name: Format) -> list[Verdict]:
    """A finished file as a stranger sees it: one that fell short is not done because it is there."""
    rows = judged(facts_of(job, name, job.files[name], said_of(job.source.transcript)))
    job.fell_short(name, [v for v in rows if not v.good])
    return rows


def _complete(
    job: Job,
    name: Format,
    picture: Path,
    sound: ClipSound,
    seconds: Seconds,
    known: Callable[[Wanted], Known],
) -> list[Verdict]:
    """Joins a picture with its sound, looks at the file, and gives it its name; what falls short is remembered."""
    finished, heard = sound.finished.result()
    began = time.perf_counter()
    draft = job.output.quality.name == "draft"
    size = size_of(job, name)
    wanted = Wanted(*size, job.output.fps, job.frames, finished.note, draft, heard, job.recipe.loudness)
    with cache.appearing(job.files[name]) as temporary:
        join(picture, sound.track, temporary)
        picture.unlink(missing_ok=True)
        verdicts = check(temporary, known(wanted))
    job.remember(name, finished, [v for v in verdicts if not v.good])
    seconds.check += time.perf_counter() - began
    return verdicts


def preview(job: Job, aside: Aside, safe: Sequence[str] | None = None) -> list[Path]:
    """What the clip will look like, in its folder: of each shape a frame a third into the clip and a sheet of frames,
    of the first one a draft in half size with the clip's sound.

    Args:
        safe: lays what these platforms cover over all of it; () is all platforms, None lays nothing.
    """
    from clipper.export import preview as looks

    job.begin()
    sound = aside.sound(job.recipe, job.frames, job.output)
    groups, heights = _groups(job), sound.levels.result()
    made: list[Path] = []

    def write(name: str, data: bytes) -> None:
        made.append(job.folder / name)
        with cache.appearing(made[-1]) as temporary:
            temporary.write_bytes(data)

    for shape in job.formats:
        scene = _scene(job, shape, groups[shape], heights, safe=safe)
        write(f"preview-{shape}.png", looks.frame_png(scene, job.frames // 3))
        write(f"sheet-{shape}.png", looks.contact_sheet(scene))
    first = job.formats[0]
    small = _scene(job, first, groups[first], heights, looks.DRAFT_SCALE, safe)
    sound.finished.result()
    made.append(job.folder / f"draft-{first}.mp4")
    with cache.appearing(made[-1]) as temporary:
        looks.draft(small, sound.track, temporary)
    return made


def again(
    job: Job, name: Format, size: tuple[int, int], settings: Quality, path: Path, progress: Progress = silent
) -> None:
    """Draws a shape of a finished clip once more, in another size or quality, with the very sound of its file.

    Raises:
        ClipperError: an input, the disk or the encoder failed; nothing is left at `path`.
    """
    scene = _scene(job, name, _groups(job)[name], lambda: _levels(job), size=size)
    with cache.passing(path) as drawn:
        encode(scene, None, drawn, settings, progress=progress, note=f"{job.clip.title} · {size[0]}x{size[1]}")
        join(drawn, job.files[name], path)


def _levels(job: Job) -> Levels:
    """The levels of the waveform, as the clip's own picture had them."""
    return levels(make(job.recipe), job.output.fps, job.frames, compose.MOST_BANDS)


def scene_of(
    job: Job,
    name: Format,
    heights: Levels | Callable[[], Levels],
    *,
    scale: float = 1.0,
    safe: Sequence[str] | None = None,
) -> Scene:
    """The scene that `render` draws of one shape, for looking at it.

    Args:
        heights: levels of the waveform, as `aside.sound` gives them.
        scale, safe: as in `clipper.picture.scene.build`.
    """
    return _scene(job, name, _groups(replace(job, formats=(name,)))[name], heights, scale, safe)


def raise_for(rendered: Sequence[Rendered]) -> None:
    """Raises FellShortError if a check of any clip fell short."""
    short = [line for one in rendered for line in one.short]
    if short:
        one = next(one for one in rendered if one.short)
        told = f"1 check fell short: {one.clip.id} {short[0]}"
        if len(short) > 1:
            told = f"{len(short)} checks fell short, first: {one.clip.id} {short[0]}"
        raise FellShortError(told, one.fallen[0][1].mend or "see the lines above")


def _groups(job: Job) -> dict[Format, list[Group]]:
    language, length = job.content.language, job.seconds
    words, loud = job.reading.words, job.reading.emphasis
    return {n: compose.captions(job.template, n, words, length, language, loud) for n in job.formats}


def _scene(
    job: Job,
    name: Format,
    groups: Sequence[Group],
    heights: Levels | Callable[[], Levels],
    scale: float = 1.0,
    safe: Sequence[str] | None = None,
    size: tuple[int, int] | None = None,
) -> Scene:
    own = job.template.shape(name).size
    size = size or job.output.size_for(own, len(job.formats) == 1)
    wanted = None if size == own else size
    return compose.scene(
        job.template,
        name,
        replace(job.content, groups=groups, levels=heights),
        frames=job.frames,
        fps=job.output.fps,
        size=wanted,
        scale=scale,
        reduced_motion=job.output.reduced_motion,
        safe=safe,
    )


def _cover(job: Job, scene: Scene, groups: Sequence[Group], heights: Callable[[], Levels]) -> Image.Image:
    """The frame that stands for the clip."""
    wish = job.source.cover_at
    levels = heights() if wish == "peak" else None
    return scene.picture(cover_frame(wish, groups, levels, job.frames, float(rate.exact(job.output.fps))))


def _sidecars(
    job: Job, groups: dict[Format, list[Group]], heights: Levels, pictures: dict[Format, Image.Image], note: str
) -> None:
    """Captions, still pictures, alt text and post text, and the manifest that tells of them."""
    first = job.formats[0]
    cache.write_text(job.folder / "captions.srt", srt(groups[first]))
    cache.write_text(job.folder / "captions.vtt", vtt(groups[first]))
    cache.write_text(job.folder / "post.txt", _post(job))
    kept = job.covers_kept
    for file, name in job.covers.items():
        if kept and name not in pictures:
            continue
        if name not in pictures:
            pictures[name] = _cover(job, _scene(job, name, groups[name], heights), groups[name], lambda: heights)
        picture = grid_crop(pictures[name]) if file == GRID else pictures[name]
        with cache.appearing(job.folder / file) as temporary:
            picture.save(temporary, "JPEG", quality=92, subsampling=0)
    shown = replace(job.content, groups=groups[first])
    alt = alt_text(shown, job.content.language, job.source.cover_alt, shape=job.template.shape(first))
    cache.write_text(job.folder / "alt.txt", alt + "\n")
    job.manifest.update(cover=job.source.cover_at, alt=alt, note=note)
    job.write()


def _post(job: Job) -> str:
    """A text to start a post from: the title, then show, guest and link, one a line."""
    return "\n".join([job.clip.title, "", *job.source.post_lines]).rstrip() + "\n"
