"""Verdicts kept by what they are about: a file whose bytes were looked at before is not decoded again.

In: a job, a shape, its file and what it is held against; out: the verdicts of an earlier look, or none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from clipper import cache
from clipper.errors import MissingError
from clipper.export.checks import limits
from clipper.export.checks.model import Verdict
from clipper.export.job import Job
from clipper.plan.edits import Said
from clipper.plan.model import Format
from clipper.platforms import Platform
from clipper.sound import loudness

VERSION = 2  # raised whenever the same file would be judged another way
STAGE = "checks"
# whose numbers the verdicts go by
NUMBERS = (Path(limits.__file__).with_suffix(".toml"), Path(loudness.__file__).with_name("targets.toml"))


def verdicts(
    job: Job,
    name: Format,
    path: Path,
    said: Said,
    platforms: Sequence[Platform],
    beside: Sequence[Path],
    judge: Callable[[], list[Verdict]],
) -> list[Verdict]:
    """What `judge` says, asked once.

    Args:
        said: the episode's words.
        platforms: that the file is held against; empty: all.
        beside: the caption files that are looked at with it.
    """
    place = cache.entry(STAGE, f"{_key(job, name, path, said, platforms, beside)}.json")
    try:
        return [Verdict(**row) for row in json.loads(place.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        pass
    found = judge()
    with suppress(MissingError):  # a cache that is full or cannot be written is no reason to stop
        cache.write_text(place, json.dumps([asdict(one) for one in found], ensure_ascii=False))
    return found


def _key(
    job: Job, name: Format, path: Path, said: Said, platforms: Sequence[Platform], beside: Sequence[Path]
) -> str:  # fmt: skip
    return cache.key(
        "check", VERSION,
        file=cache.file_digest(path),
        wanted=job.wanted[name],
        current=name not in job.missing,
        shapes=job.formats,
        clip=job.clip.model_dump(mode="json"),
        note=str(job.manifest.get("sound_note", job.manifest.get("note", ""))),
        timing=job.source.transcript.timing,
        words=[(w.text, w.start, w.end) for w in said.words],
        sentences=[(s.first, s.last) for s in said.sentences],
        platforms=[p.model_dump(mode="json") for p in platforms],
        beside=[cache.file_digest(p) if p.is_file() else "" for p in beside],
        numbers=[p.read_text(encoding="utf-8") for p in NUMBERS],
    )  # fmt: skip
