"""Everything that can be known of a rendered clip, and the verdicts on each of its files.

In: a `Job`, the episode's words; out: `Checked` files. Each file is decoded once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clipper.export.checks import kept, verdicts
from clipper.export.checks.captions import caption_file
from clipper.export.checks.edges import edges
from clipper.export.checks.fit import takes
from clipper.export.checks.look import Tick, look
from clipper.export.checks.model import Edges, Facts, Ink, Verdict, Wanted
from clipper.export.checks.source import source_of
from clipper.export.job import Job
from clipper.highlights.language import language
from clipper.highlights.sentences import split
from clipper.picture import compose
from clipper.picture.captions import Group
from clipper.picture.geometry import Box, even_size, place
from clipper.picture.survey import ink_of
from clipper.plan.edits import Said
from clipper.plan.model import Clip, Format
from clipper.platforms import Platform
from clipper.speech.model import Transcript

CAPTIONS = ("captions.srt", "captions.vtt")
INK_SCALE = 0.5
UNEVEN = 3  # px of the half-size picture by which ink's bounds are rounded


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdicts on one file."""

    clip: str
    title: str
    format: Format
    path: Path
    verdicts: tuple[Verdict, ...]

    @property
    def good(self) -> bool:
        return all(v.good for v in self.verdicts)


def check_clip(
    job: Job, said: Said, platforms: Sequence[Platform] = (), tick: Callable[[Format, float], None] = lambda f, s: None
) -> list[Checked]:
    """Looks at every finished file of a clip as a stranger would; one with bytes that were looked at before is known.

    Raises:
        InputError: a file cannot be opened at all.
    """
    folder = job.former or job.folder
    sizes = {name: size_of(job, name) for name in job.formats}
    out = []
    for name in job.formats:
        # a wide file is not held against a platform that gets the vertical one
        meant = [p for p in platforms if takes(p, sizes[name]) or not any(takes(p, s) for s in sizes.values())]
        path = folder / f"{name}.mp4"
        if path.is_file():

            def judge(name: Format = name, path: Path = path, meant: Sequence[Platform] = meant) -> list[Verdict]:
                return verdicts(facts_of(job, name, path, said, meant, lambda seconds: tick(name, seconds)))

            beside = [folder / file for file in CAPTIONS] if name == job.formats[0] else []
            rows = kept.verdicts(job, name, path, said, meant, beside, judge)
            out.append(Checked(job.clip.id, job.clip.title, name, path, tuple(rows)))
    return out


def facts_of(
    job: Job, name: Format, path: Path, said: Said, platforms: Sequence[Platform] = (),
    tick: Tick = lambda seconds: None,
) -> Facts:  # fmt: skip
    """All facts of one file, decoded once."""
    from clipper.export.checks.closely import Closely

    groups = groups_of(job, name)
    size = size_of(job, name)
    content = replace(job.content, groups=groups, levels=np.zeros((job.frames, compose.MOST_BANDS), dtype=np.float32))
    scene = compose.scene(
        job.template, name, content, frames=job.frames, fps=job.output.fps, size=size,
        reduced_motion=job.output.reduced_motion,
    )  # fmt: skip
    container, seen, sound = look(path, closely=Closely(scene, groups), tick=tick)
    # an older clip.json has one note for all
    note = str(job.manifest.get("sound_note", job.manifest.get("note", "")))
    wanted = Wanted(
        *size, job.output.fps, job.frames, note, job.output.quality.name == "draft", loudness=job.recipe.loudness
    )
    folder = path.parent
    return Facts(
        container=container,
        wanted=wanted,
        seen=seen,
        sound=sound,
        loudness=sound.loudness if sound else None,
        edges=edges_of(job, said),
        by_hand=by_hand(job.clip),
        groups=tuple(groups),
        caption_files=tuple(caption_file(folder / file) for file in CAPTIONS) if name == job.formats[0] else (),
        inks=tuple(inks_of(job, name, groups, size)),
        source=source_of(job.recipe),
        platforms=tuple(platforms),
        current=name not in job.missing,
    )


def size_of(job: Job, name: Format) -> tuple[int, int]:
    """Width and height that a shape's file has."""
    return even_size(*job.output.size_for(job.template.shape(name).size, len(job.formats) == 1))


def groups_of(job: Job, name: Format) -> list[Group]:
    """The captions on the picture of a shape."""
    words, loud = job.reading.words, job.reading.emphasis
    return compose.captions(job.template, name, words, job.seconds, job.content.language, loud)


def said_of(transcript: Transcript) -> Said:
    """Words and sentences of an episode."""
    return Said(transcript.words, split(transcript.words, language(transcript.language)), transcript.duration)


def by_hand(clip: Clip) -> tuple[bool, bool]:
    """Whether the producer put the start, and the end, where they are."""
    own = clip.proposed_title is None
    return own or clip.span.start != clip.proposed.start, own or clip.span.end != clip.proposed.end


def edges_of(job: Job, said: Said) -> Edges:
    """How the clip's first and last cut lie in the words; the cuts between its pieces are the producer's."""
    spans = job.recipe.pieces.spans
    if not spans:
        return Edges()
    first, last = edges(spans[0], said), edges(spans[-1], said)
    if job.source.transcript.timing != "measured":  # times within a cue are guesses: only the sentences are known
        return Edges(opens_inside=first.opens_inside, closes_inside=last.closes_inside)
    return Edges(
        cut_open=first.cut_open, opens_inside=first.opens_inside, lead=first.lead,
        cut_close=last.cut_close, closes_inside=last.closes_inside, air=last.air, air_there=last.air_there,
    )  # fmt: skip


def inks_of(job: Job, name: Format, groups: Sequence[Group], size: tuple[int, int]) -> list[Ink]:
    """Where ink lies over the whole clip, in pixels of the file."""
    content = replace(job.content, groups=groups)
    shape = job.template.shape(name)
    small = even_size(shape.size[0] * INK_SCALE, shape.size[1] * INK_SCALE)
    boxes = {part.name: place(part.box, size) for part in shape.layers if hasattr(part, "box")}
    out = []
    for layer, ink in ink_of(job.template, name, content, INK_SCALE, few=True).items():
        wide, high = size[0] / small[0], size[1] / small[1]
        inner = Box(ink.left + UNEVEN, ink.top + UNEVEN, ink.right - UNEVEN, ink.bottom - UNEVEN)
        grown = Box(
            round(inner.left * wide), round(inner.top * high), round(inner.right * wide), round(inner.bottom * high)
        )
        out.append(Ink(layer, grown, boxes.get(layer, Box(0, 0, *size))))
    return out
