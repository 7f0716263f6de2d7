"""Faults that a clip has because of how it was cut, worded or laid out: each in a file that was rendered with it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from clipper.batch import videos
from clipper.batch.finished import finished
from clipper.export.checks.model import Verdict
from clipper.export.clip import Rendered
from clipper.picture.paint import words
from clipper.plan import store
from clipper.plan.model import Clip
from clipper.span import Span
from tests.export.small_out import HAIR, plan_of
from tests.export.test_checks import FORM, PICTURES, bad, facts, made

WITH_EDITS = ("-movflags", "+faststart", "-use_editlist", "1", "-f", "mp4")  # without them nothing can begin late
DRAFT = videos.output_of("draft", "libx264", None, None, ("square",))


def clip(number: int, span: Span, **change: object) -> Clip:
    """As clipper itself proposed it: its edges are nobody's wish."""
    base = Clip(
        id=f"c{number}", title=f"Cut {number}", span=span, proposed=span, proposed_title=f"Cut {number}", picked=True,
        formats=("square",),
    )  # fmt: skip
    return base.changed(**change)


def rendered_with(out: Path, *clips: Clip) -> list[Rendered]:
    plan, _ = plan_of(out)
    store.save(plan.model_copy(update={"clips": clips}), out)
    return videos.render(out, *plan_of(out), output=DRAFT)


def fallen(one: Rendered) -> dict[str, Verdict]:
    return {v.name: v for _, v in one.fallen}


def test_cuts_through_words_and_sentences_are_caught_in_the_files_that_have_them(out: Path):
    cut, sentences, last, whole = rendered_with(
        out,
        clip(3, Span(start=98.95, end=105.6)),
        clip(4, Span(start=98.79, end=105.31)),
        clip(5, Span(start=98.42, end=105.82)),
        clip(6, HAIR),
    )
    assert fallen(cut).keys() >= {"opens beside a word", "ends beside a word"}
    assert fallen(cut)["opens beside a word"].measured == "cuts through “always”"
    assert fallen(sentences)["opens on a sentence"].measured == "inside a sentence, without “You can”"
    assert "scissors" in fallen(sentences)["ends on a sentence"].measured
    assert fallen(last).keys() == {"last word rings out"}
    assert whole.short == []


def test_a_long_wait_for_the_first_word_is_caught(out: Path):
    path = out / "transcript.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    for segment in said["segments"]:  # nobody is heard before the clip's first word
        segment["words"] = [w for w in segment["words"] if not 90 < w["start"] < 98.3]
        segment["text"] = " ".join(w["word"] for w in segment["words"])
    said["segments"] = [s for s in said["segments"] if s["words"]]
    path.write_text(json.dumps(said), encoding="utf-8")
    (one,) = rendered_with(out, clip(3, Span(start=96.0, end=105.98)))
    assert fallen(one)["opens with speech"].measured.startswith("2.5")


def test_captions_that_rush_are_caught(out: Path):
    long = "It was never the first cut that mattered in the least, it was always the one after it, " * 4
    (one,) = rendered_with(out, clip(3, HAIR, captions=long + "said he."))
    assert fallen(one).keys() >= {"reading speed", "reading speed on average"}


def test_letters_beside_their_box_are_caught(out: Path, monkeypatch: pytest.MonkeyPatch):
    """A painter that goes wrong: every line lies too far to the right."""
    real = words.words

    def shifted(*arguments: object) -> object:
        piece = real(*arguments)  # type: ignore[arg-type]
        return dataclasses.replace(piece, left=piece.left + 120)

    monkeypatch.setattr(words, "words", shifted)
    (one,) = rendered_with(out, clip(3, HAIR))
    assert "right" in fallen(one)["text in its box"].measured


@pytest.mark.parametrize(
    ("fault", "arguments", "form", "told"),
    [
        ("codec", (*PICTURES, "-profile:v", "baseline"), FORM, "h264 Constrained Baseline"),
        ("start", ("-c", "copy", "-bsf:a", "setts=ts=TS+4800"), WITH_EDITS, "0.000 s, 0.100 s"),
    ],
)
def test_another_profile_and_a_sound_that_begins_late_are_caught(
    fault: str, arguments: tuple[str, ...], form: tuple[str, ...], told: str, rendered: Path, tmp_path: Path
):
    plan, transcript = plan_of(rendered)
    job = finished(rendered, plan, transcript, ["c1"])[0]
    found = facts(job, rendered, made(job, tmp_path / "f.mp4", *arguments, form=form))
    found = dataclasses.replace(found, wanted=dataclasses.replace(found.wanted, draft=False))
    assert bad(found)[fault].measured == told
