"""A show's own look and wishes in finished clips: its colours and template, captions as the producer wrote them, covers
of the wanted moment, alt text, less motion."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import APIC, CHAP, ID3, TIT2
from numpy.typing import NDArray
from PIL import Image

from clipper.cli.app import run
from clipper.plan import store
from clipper.plan.model import Clip, Plan
from clipper.span import Span
from clipper.speech.formats import write_json
from clipper.speech.model import Transcript, Word
from tests.conftest import SAMPLE
from tests.episode.media import jpeg

START, SECONDS = 24.45, 5.4  # from one pause to another: what begins inside a word falls short of a check


@pytest.fixture
def out(tmp_path: Path, sample_truth: dict[str, list[list[object]]]) -> Path:
    """OUT with one picked clip of the sample, in a show's folder."""
    folder = tmp_path / "show" / "out"
    folder.mkdir(parents=True)
    words = tuple(
        Word(text=w[0], start=w[1], end=w[2], speaker={"HOST": "Mara Quill", "GUEST": "Ines Duarte"}[str(w[3])])
        for w in sample_truth["words"]
    )
    write_json(Transcript(words=words, duration=words[-1].end, language="en"), folder / "transcript.json")
    span = Span(start=START, end=START + SECONDS)
    clip = Clip(id="c1", title="Every bell lies a little", span=span, proposed=span, picked=True)
    audio, cover = str(next(SAMPLE.glob("*.mp3"))), str(SAMPLE / "cover.jpg")
    plan = Plan(show="Oddly Good Work", number=42, audio=audio, cover=cover, formats=("vertical",), clips=(clip,))
    store.save(plan, folder)
    return folder


def said(out: Path, text: str) -> None:
    (out.parent / "clipper.toml").write_text(text, encoding="utf-8")


def rendered(out: Path, *more: str, code: int = 0) -> Path:
    assert run(["render", str(out), "--quality", "draft", "--size", "270x480", *more]) == code
    return next((out / "clips").iterdir())


def pixels(path: Path) -> NDArray[np.int16]:
    return np.asarray(Image.open(path).convert("RGB")).astype(np.int16)


def share_of(picture: NDArray[np.int16], colour: tuple[int, int, int]) -> float:
    """How much of a picture has nearly this colour."""
    return float((np.abs(picture - np.array(colour)).max(axis=2) < 40).mean())


def made_from(folder: Path) -> str:
    return str(json.loads((folder / "clip.json").read_text(encoding="utf-8"))["files"]["vertical"]["made_from"])


def test_a_shows_colour_and_template_change_the_picture(out: Path) -> None:
    said(out, '[clips]\ncover = "2"\n')
    folder = rendered(out)
    plain, before = pixels(folder / "cover.jpg"), made_from(folder)
    said(out, '[clips]\ncover = "2"\n[look.brand]\naccent = "#00E5FF"\n')
    rendered(out)
    lit = pixels(folder / "cover.jpg")
    assert made_from(folder) != before, "the clip was made anew"
    assert share_of(lit, (0, 229, 255)) > share_of(plain, (0, 229, 255)) + 0.0005
    video = (folder / "vertical.mp4").stat().st_mtime_ns
    rendered(out)
    assert (folder / "vertical.mp4").stat().st_mtime_ns == video, "what is unchanged is kept"
    text = (out / "clips.yaml").read_text(encoding="utf-8")
    (out / "clips.yaml").write_text(text.replace("template: spotlight", "template: ours"), encoding="utf-8")
    ours = out.parent / "ours"
    ours.mkdir()
    (ours / "template.toml").write_text('schema = 2\nextends = "editorial"\n', encoding="utf-8")
    rendered(out, code=5)  # this accent cannot be read on a light ground, and the clip is not called done
    assert np.abs(pixels(folder / "cover.jpg") - lit).mean() > 30, "another layout"


def test_what_the_look_extends_is_the_template_of_a_new_plan(tmp_path: Path) -> None:
    from clipper.batch.wishes import wished

    (tmp_path / "clipper.toml").write_text('[look]\nextends = "card"\n', encoding="utf-8")
    assert wished(str(tmp_path / "page.md"), to_make=True).template == "card"
    assert wished(str(tmp_path / "page.md"), to_make=True, template="duo").template == "duo"
    (tmp_path / "clipper.toml").write_text('[clips]\ntemplate = "radial"\n[look]\nextends = "card"\n', encoding="utf-8")
    assert wished(str(tmp_path / "page.md"), to_make=True).template == "radial"


def test_a_slip_in_the_look_is_told_before_anything_is_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clipper.toml").write_text('[look]\ncolors.accent = "#FF8800"\n', encoding="utf-8")
    assert run(["make", str(SAMPLE), "-o", str(tmp_path / "out"), "--offline"]) == 3
    err = capsys.readouterr().err
    assert "look.colors" in err
    assert "did you mean" in err


def test_a_brand_colour_nobody_can_read_is_said_once(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(out, '[look.brand]\ntext = "#101010"\nbackground = "#000000"\n')
    folder = rendered(out, code=5)  # and it is not called done
    note = json.loads((folder / "clip.json").read_text(encoding="utf-8"))["note"]
    assert note.count("brand colour text") == 1
    assert f"note: c1: {note}" in " ".join(capsys.readouterr().out.split())
    assert rendered(out, code=5) == folder
    assert json.loads((folder / "clip.json").read_text(encoding="utf-8"))["note"] == note, "it stays with the clip"


def test_captions_say_what_the_producer_wrote(out: Path) -> None:
    folder = rendered(out)
    heard = (folder / "captions.srt").read_text(encoding="utf-8")
    plan, before = store.load(out), made_from(folder)
    mine = "She put the *wrong* note back."
    store.save(plan.with_clip(plan.clips[0].changed(captions=mine)), out)
    assert store.load(out).clips[0].captions == mine
    rendered(out)
    written = (folder / "captions.srt").read_text(encoding="utf-8")
    assert written != heard
    assert "wrong" in written
    assert "*" not in written
    assert made_from(folder) != before
    with_star = made_from(folder)
    store.save(plan.with_clip(plan.clips[0].changed(captions=mine.replace("*", ""))), out)
    rendered(out)
    assert made_from(folder) != with_star, "what stands out is part of the picture"


def test_hesitations_go_where_the_show_says_so(out: Path) -> None:
    texts = ["So", "uh", "it", "rang."]
    words = [Word(text=t, start=START + i * 0.5, end=START + i * 0.5 + 0.4) for i, t in enumerate(texts)]
    write_json(Transcript(words=tuple(words), duration=400.0, language="en"), out / "transcript.json")
    folder = rendered(out)
    assert "uh" in (folder / "captions.srt").read_text(encoding="utf-8")
    said(out, "[clips]\ndrop_hesitations = true\n")
    rendered(out)
    assert "uh" not in (folder / "captions.srt").read_text(encoding="utf-8")


def test_the_cover_is_of_the_moment_that_is_wanted(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rendered(out)
    first, video = pixels(folder / "cover.jpg"), (folder / "vertical.mp4").stat().st_mtime_ns
    grid = Image.open(folder / "cover-3x4.jpg")
    assert grid.size == (270, 360)
    said(out, '[clips]\ncover = "0:02.5"\n')
    rendered(out)
    later = pixels(folder / "cover.jpg")
    assert np.abs(first - later).max() > 60, "other words, another waveform"
    assert (folder / "vertical.mp4").stat().st_mtime_ns == video, "the video is kept"
    said(out, '[clips]\ncover = "peak"\n')
    rendered(out)
    assert np.abs(pixels(folder / "cover.jpg") - later).max() > 60
    said(out, '[clips]\ncover = "1:00"\n')
    assert run(["render", str(out), "--quality", "draft", "--size", "270x480"]) == 2
    assert "behind the clip's end" in capsys.readouterr().err


def test_every_clip_says_what_it_shows_for_who_does_not_see_it(out: Path) -> None:
    (out / "episode.json").write_text('{"cover_alt": "A bell on a workbench."}', encoding="utf-8")
    folder = rendered(out)
    alt = (folder / "alt.txt").read_text(encoding="utf-8").strip()
    for part in ("Oddly Good Work", "No. 42", "A bell on a workbench", "Every bell lies a little", "Ines Duarte"):
        assert part in alt
    assert json.loads((folder / "clip.json").read_text(encoding="utf-8"))["alt"] == alt


def test_reduced_motion_is_another_picture_and_stays_still(out: Path) -> None:
    folder = rendered(out)
    before = made_from(folder)
    rendered(out, "--reduced-motion")
    assert made_from(folder) != before


def test_what_apps_cover_is_veiled_in_previews_only(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["render", str(out), "--preview", "--size", "270x480"]
    assert run(arguments) == 0
    folder = next((out / "clips").iterdir())
    clear = pixels(folder / "preview-vertical.png")
    assert run([*arguments, "--show-safe"]) == 0
    veiled = pixels(folder / "preview-vertical.png")
    redder = (veiled[..., 0] - clear[..., 0]) > (veiled[..., 2] - clear[..., 2]) + 10
    assert redder[-20:].mean() > 0.8, "the strip at the bottom"
    assert redder[200:240, 100:140].mean() < 0.05, "the middle"
    low = slice(325, 350)  # under Shorts' buttons, above TikTok's
    assert redder[low, 60:200].mean() > 0.8
    assert run([*arguments, "--show-safe", "--for", "tiktok"]) == 0
    veiled = pixels(folder / "preview-vertical.png")
    assert np.abs(veiled[low, 60:200] - clear[low, 60:200]).mean() < 3
    assert np.abs(veiled[-20:] - clear[-20:]).mean() > 10
    capsys.readouterr()
    assert run([*arguments, "--for", "tiktok"]) == 2
    assert run([*arguments, "--show-safe", "--for", "tikkok"]) == 2
    assert "did you mean tiktok" in capsys.readouterr().err
    capsys.readouterr()
    assert run(["render", str(out), "--show-safe"]) == 2
    assert "--preview" in capsys.readouterr().err


def test_chapter_art_shows_where_its_chapter_begins(out: Path) -> None:
    audio = Path(shutil.copy(next(SAMPLE.glob("*.mp3")), out / "episode.mp3"))
    tags = ID3(audio)
    tags.delall("CHAP")
    for name, start, sub in (
        ("a", 0, []),
        ("b", START + 2, [APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=jpeg("lime", 400))]),
        ("c", START + 60, []),
    ):
        frames = [TIT2(encoding=3, text=name), *sub]
        tags.add(CHAP(element_id=name, start_time=int(start * 1000), end_time=400_000, sub_frames=frames))
    tags.save()
    plan = store.load(out)
    store.save(plan.model_copy(update={"audio": "episode.mp3"}), out)
    green = (0, 255, 0)
    said(out, '[clips]\ncover = "1"\n')
    assert share_of(pixels(rendered(out) / "cover.jpg"), green) < 0.02, "the cover, in a chapter without art"
    said(out, '[clips]\ncover = "3.5"\n')
    assert share_of(pixels(rendered(out) / "cover.jpg"), green) > 0.1


def test_chapter_art_of_a_page_lies_beside_it_or_is_not_there(tmp_path: Path) -> None:
    from clipper.episode.art import chapter_art
    from clipper.episode.model import Chapter, Episode

    (tmp_path / "two.jpg").write_bytes(jpeg("lime", 400))
    images = [None, "two.jpg", "../two.jpg", "https://pictures.invalid/four.jpg"]
    marks = tuple(Chapter(start=60.0 * i, title=str(i), image=image) for i, image in enumerate(images))
    episode = Episode(chapters=marks, folder=str(tmp_path))
    audio = next(SAMPLE.glob("*.mp3"))
    whole = [Span(start=0.0, end=300.0)]
    found = chapter_art(episode, audio, whole, offline=True)
    assert [start for start, _ in found] == [0, 60, 120, 180]
    assert [path.name if path else "" for _, path in found] == ["", "two.jpg", "", ""]
    assert chapter_art(episode, audio, [Span(start=10.0, end=50.0)], offline=True) == ()
    assert chapter_art(Episode(), audio, whole, offline=True) == ()
