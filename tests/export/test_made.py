"""What `make` and `render` give out has passed every check: a fault that creeps in while a clip is made is caught, and
the file is not called done, neither now nor by the next run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clipper.batch import videos
from clipper.batch.finished import finished
from clipper.batch.folder import Folder
from clipper.batch.planned import said_in
from clipper.cli.app import run
from clipper.export import clip as clips
from clipper.export import encode, kept_sound, track
from clipper.export.checks import kept, whole
from clipper.export.checks.whole import check_clip
from clipper.export.clip import Rendered
from tests.export.small_out import plan_of

Patch = pytest.MonkeyPatch
DRAFT = videos.output_of("draft", "libx264", None, None, ("square",))


@pytest.fixture
def bare(out: Path) -> Path:
    """An OUT whose first clip is to be made anew, square alone."""
    from clipper.plan import store

    plan, _ = plan_of(out)
    store.save(plan.with_clip(plan.clips[0].changed(formats=("square",))), out)
    for path in (out / "clips" / "01-you-can-always-take-more-off").iterdir():
        path.unlink()
    return out


def render(out: Path) -> Rendered:
    return videos.render(out, *plan_of(out), only=["c1"], output=DRAFT)[0]


def names(one: Rendered) -> set[str]:
    return {v.name for _, v in one.fallen}


def drawn(patch: Patch, change: Callable[[int, Any], None], instead: Callable[[int], int] = lambda n: n) -> None:
    """From now on the encoder gets other pictures: `change` works on the planes, `instead` takes another frame."""
    real = encode._draw
    held: list[Any] = []

    def draw(writer: Any, number: int, scene: Any) -> None:
        for plane, before in zip(writer.canvas.planes, held, strict=False):
            plane[:] = before
        held.clear()
        if instead(number) >= 0:
            real(writer, instead(number), scene)
        held.extend(plane.copy() for plane in writer.canvas.planes)
        change(number, writer.canvas)

    patch.setattr(encode, "_draw", draw)


def painted(first: int, last: int, luma: int) -> Callable[[int, Any], None]:
    """Frames of one colour."""

    def change(number: int, canvas: Any) -> None:
        if first <= number <= last:
            for plane, value in zip(canvas.planes, (luma, 128, 128), strict=True):
                plane[:] = value
            canvas.touched = canvas.planes[0].size

    return change


def pale(number: int, canvas: Any) -> None:
    """Everything is nearly grey, as a wrong blend would leave it."""
    luma = canvas.planes[0]
    luma[:] = (luma.astype(np.float32) * 0.2 + 100).astype(np.uint8)


def sounding(patch: Patch, change: Callable[[Any], Any]) -> None:
    """The track gets other samples than were finished."""
    real = track.write
    patch.setattr(kept_sound, "read", lambda path: None)
    patch.setattr(kept_sound, "write", lambda path, kept: None)
    patch.setattr(track, "write", lambda samples, path, settings: real(change(samples), path, settings))


def garbled(patch: Patch) -> None:
    """What is written is not what was encoded: a bad disk, bad memory."""
    real = clips.join

    def join(pictures: Path, sound: Path, path: Path) -> None:
        real(pictures, sound, path)
        data = bytearray(path.read_bytes())
        for at in range(len(data) // 2, len(data) // 2 + 40_000, 7):
            data[at] ^= 0x5A
        path.write_bytes(data)

    patch.setattr(clips, "join", join)


FAULTS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "a black flash": (lambda p: drawn(p, painted(60, 65, 16)), "black"),
    "a black flash where only key pictures are decoded": (lambda p: drawn(p, painted(140, 145, 16)), "black"),
    "empty pictures": (lambda p: drawn(p, painted(150, 155, 90)), "empty"),
    "a picture that stops": (lambda p: drawn(p, lambda n, c: None, lambda n: n if n < 100 else -1), "frozen"),
    "captions that come late": (
        lambda p: drawn(p, lambda n, c: None, lambda n: max(0, n - 9)), "words as planned",
    ),
    "letters that cannot be read": (lambda p: drawn(p, pale), "contrast"),
    "sound that comes late": (lambda p: sounding(p, lambda s: np.roll(s, 3840, axis=0)), "sound in step"),
    "another passage's sound": (lambda p: sounding(p, lambda s: s[::-1]), "sound is the episode's"),
    "a second that is said twice": (
        lambda p: sounding(p, lambda s: np.concatenate([s[:144_000], s[48_000:-96_000]])), "nothing is said twice",
    ),
    "sound that ends early": (lambda p: sounding(p, lambda s: s[:-48_000]), "end"),
    "sound that is too low": (lambda p: sounding(p, lambda s: s * 0.5), "loudness"),
    "a file that is not what was encoded": (garbled, ""),
    "captions that say something else": (
        lambda p: p.setattr(clips, "vtt", lambda groups: "WEBVTT\n\n00:00.000 --> 00:01.000\nNo.\n"),
        "captions.vtt in step",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_making_is_caught_and_the_file_is_not_done(fault: str, bare: Path, monkeypatch: Patch):
    spoil, name = FAULTS[fault]
    with monkeypatch.context() as patch:
        spoil(patch)
        made = render(bare)
    found = names(made)
    assert name in found if name else found & {"decodes", "words as planned", "sound is the episode's"}, found
    assert all(v.mend for _, v in made.fallen)
    rows = json.loads((made.folder / "clip.json").read_text(encoding="utf-8"))["files"]["square"]["short"]
    assert {row["name"] for row in rows} == found
    again = render(bare)
    assert again.made == ()
    assert name in names(again) if name else names(again), "a second run calls it done"


def test_what_make_knows_is_what_check_finds_in_the_file(bare: Path):
    made = render(bare)
    assert made.short == []
    plan, transcript = plan_of(bare)
    said = said_in(Folder(bare))
    assert said is not None
    (checked,) = check_clip(finished(bare, plan, transcript, ["c1"])[0], said)
    ours = {v.name: v for v in made.verdicts["square"]}
    assert set(ours) == {v.name for v in checked.verdicts}
    for one in checked.verdicts:
        if one.name not in ("words as planned", "contrast"):  # these look at other pictures of the same clip
            assert one.measured == ours[one.name].measured


def test_best_quality_is_decoded_whole(bare: Path, monkeypatch: Patch):
    """Where a rate factor decides, a picture that stands still may still cost bits: nothing is concluded from them."""
    output = videos.output_of("best", "libx264", None, "360x360", ("square",))
    looked: list[str] = []
    from clipper.export.checks import fresh

    real = fresh.look
    monkeypatch.setattr(fresh, "look", lambda *a, **k: (looked.append(k["pictures"]), real(*a, **k))[1])
    drawn(monkeypatch, lambda n, c: None, lambda n: n if n < 100 else -1)
    (made,) = videos.render(bare, *plan_of(bare), only=["c1"], output=output)
    assert looked == ["none", "all"]
    assert "frozen" in names(made)


def test_the_command_says_what_is_not_done_and_ends_with_five(
    bare: Path, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
):
    drawn(monkeypatch, lambda n, c: None, lambda n: n if n < 100 else -1)
    asked = ["render", str(bare), "--only", "c1", "--quality", "draft"]
    assert run(asked) == 5
    said = capsys.readouterr()
    assert "square (not done: fell short)" in said.out
    assert "fell short: c1 square: frozen: " in said.out
    assert "fell short, first: c1 square: frozen: " in said.err
    assert said.err.splitlines()[-1] == "  try: render it again: clipper render OUT"
    assert run([*asked, "--json"]) == 5
    (told,) = json.loads(capsys.readouterr().out)["clips"]
    assert told["done"] is False
    assert told["short"][0]["check"] == "frozen"
    assert told["short"][0]["mend"]


def test_a_file_that_was_looked_at_is_not_decoded_again(out: Path, monkeypatch: Patch):
    plan, transcript = plan_of(out)
    job = finished(out, plan, transcript, ["c1"])[0]
    said = said_in(Folder(out))
    assert said is not None
    first = check_clip(job, said)
    with monkeypatch.context() as patch:
        patch.setattr(whole, "look", lambda *a, **k: pytest.fail("decoded again"))
        assert check_clip(job, said) == first
        patch.setattr(kept, "VERSION", kept.VERSION + 1)
        with pytest.raises(pytest.fail.Exception):
            check_clip(job, said)
    (job.folder / "captions.vtt").write_text("nothing")
    assert not check_clip(job, said)[0].good


def test_what_stands_in_the_plan_for_reading_follows_a_hand_edit(bare: Path):
    path = bare / "clips.yaml"
    before = path.read_text(encoding="utf-8")
    assert "take more off" in before
    edited = before.replace("title: You can always", "# mine\n    title: You can always", 1)
    start = next(line for line in edited.splitlines() if line.strip().startswith("start: 1:38"))
    path.write_text(edited.replace(start, "    start: 1:38.79  # later", 1), encoding="utf-8")
    assert run(["render", str(bare), "--only", "c1", "--quality", "draft"]) == 0
    after = path.read_text(encoding="utf-8")
    assert "# mine" in after
    assert "1:38.79  # later" in after
    said = after.split("sentences:")[1].split("- id: c2")[0]
    assert "always take more off" in said
    assert "You can" not in said
