"""An OUT with two short clips of the sample, rendered for real in draft quality from the words as they were spoken."""

from __future__ import annotations

import json
from pathlib import Path

from clipper.batch import videos
from clipper.batch.folder import Folder
from clipper.episode.load import load_episode
from clipper.plan import store
from clipper.plan.model import Clip, Plan
from clipper.span import Span
from clipper.speech.formats import write_json
from clipper.speech.model import Transcript, Word
from tests.conftest import SAMPLE

# whole sentences: "You can always take more off, ..., scissors." and "Decaf, Ben. Only decaf."
HAIR, DECAF = Span(start=98.42, end=105.98), Span(start=113.85, end=116.3)


def words() -> Transcript:
    """The sample as it was spoken, word by word."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    said = tuple(
        Word(text=text, start=start, end=end, speaker=truth["speakers"][who])
        for text, start, end, who, _ in truth["words"]
    )
    return Transcript(language="en", duration=truth["duration"], source="truth.json", words=said)


def plan() -> Plan:
    audio, cover = next(SAMPLE.glob("*.mp3")), SAMPLE / "cover.jpg"
    return Plan(
        episode=str(SAMPLE), show="Oddly Good Work", number=42, title="Why a Small Town Asked for its Wrong Note Back",
        guests=("Aoife Kinsella",), audio=str(audio), cover=str(cover), transcript="transcript.json",
        formats=("vertical", "square"),
        clips=(
            Clip(id="c1", title="You can always take more off", span=HAIR, proposed=HAIR, picked=True),
            Clip(id="c2", title="Only decaf", span=DECAF, proposed=DECAF, picked=True, formats=("square",)),
        ),
    )  # fmt: skip


def make(out: Path) -> Path:
    """Writes and renders it."""
    Folder(out).create()
    Folder(out).save_episode(load_episode(str(SAMPLE), offline=True))
    write_json(words(), out / "transcript.json")
    store.save(plan(), out)
    made = plan_of(out)
    done = videos.render(out, *made, output=videos.output_of("draft", "libx264", None, None, ("vertical",)))
    assert all(not one.short for one in done), [one.short for one in done]
    return out


def plan_of(out: Path) -> tuple[Plan, Transcript]:
    from clipper.batch.planned import open_plan

    return open_plan(out)
