"""Every check catches its own fault, in a file made to have it; a file as clipper makes it has none."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from clipper.batch.finished import finished
from clipper.batch.folder import Folder
from clipper.batch.planned import said_in
from clipper.export.checks import verdicts
from clipper.export.checks.model import Facts, Ink, Verdict
from clipper.export.checks.whole import check_clip, facts_of
from clipper.export.job import Job
from clipper.media import last_line, run_ffmpeg
from clipper.picture.geometry import Box
from clipper.plan.pieces import Pieces
from clipper.platforms import platform
from clipper.span import Span
from tests.conftest import Clipper
from tests.export.small_out import plan_of

# pictures again, sound as it is; and the other way round
PICTURES = (
    "-c:v", "libx264", "-preset", "ultrafast", "-qp", "18", "-pix_fmt", "yuv420p", "-g", "60", "-sc_threshold", "0",
    "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv", "-c:a", "copy",
)  # fmt: skip
SOUND = ("-c:v", "copy", "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2")
FORM = ("-movflags", "+faststart", "-use_editlist", "0", "-f", "mp4")


def jobs_of(out: Path, only: str) -> Job:
    plan, transcript = plan_of(out)
    return finished(out, plan, transcript, [only])[0]


@pytest.fixture(scope="module")
def clip(rendered: Path) -> Job:
    """Seven seconds with six captions."""
    return jobs_of(rendered, "c1")


def facts(job: Job, rendered: Path, path: Path | None = None, name: str = "square", **change: object) -> Facts:
    said = said_in(Folder(rendered))
    assert said is not None
    found = facts_of(job, name, path or job.files[name], said, platforms=change.pop("platforms", ()))  # type: ignore
    return dataclasses.replace(found, **change)  # type: ignore[arg-type]


def bad(found: Facts) -> dict[str, Verdict]:
    return {v.name: v for v in verdicts(found) if not v.good}


def made(job: Job, path: Path, *arguments: str, form: tuple[str, ...] = FORM, before: tuple[str, ...] = ()) -> Path:
    source = job.files["square"]
    run = run_ffmpeg(["-v", "error", "-y", *before, "-i", source, *arguments, *form, path])
    assert run.returncode == 0, last_line(run.stderr)
    return path


@pytest.mark.parametrize("name", ["vertical", "square"])
def test_a_clip_as_clipper_makes_it_has_no_fault_and_every_check_a_verdict(rendered: Path, clip: Job, name: str):
    found = facts(clip, rendered, name=name)
    assert bad(found) == {}
    rows = verdicts(found)
    assert len(rows) >= 36
    for one in rows:
        assert one.measured, one
        assert one.limit, one
        assert one.source, one
    assert len({v.name for v in rows}) == len(rows)


SOUNDS = {
    "sound is the episode's": ["-af", "volume=enable='between(t,3,4)':volume=0,highpass=f=30"],
    "sound in step": ["-af", "adelay=80:all=1,atrim=end=7.56"],
    "nothing is said twice": [
        "-filter_complex",
        "[0:a]asplit=2[a][b];[a]atrim=end=4,asetpts=N/SR/TB[x];[b]atrim=1:4.56,asetpts=N/SR/TB[y];[x][y]concat=v=0:a=1",
        "-map", "0:v",
    ],
    "loudness": ["-af", "volume=-5dB"],
    "true peak": ["-af", "volume=14dB,alimiter=limit=1:level=disabled"],
    "end": ["-af", "atrim=end=6.9"],
}  # fmt: skip


@pytest.mark.parametrize("fault", SOUNDS)
def test_what_is_wrong_with_the_sound_is_heard(fault: str, rendered: Path, clip: Job, tmp_path: Path):
    found = bad(facts(clip, rendered, made(clip, tmp_path / "f.mp4", *SOUNDS[fault], *SOUND)))
    assert fault in found
    assert found[fault].mend


def test_where_the_sound_goes_wrong_is_told(rendered: Path, clip: Job, tmp_path: Path):
    path = made(clip, tmp_path / "f.mp4", *SOUNDS["nothing is said twice"], *SOUND)
    found = bad(facts(clip, rendered, path))
    assert found["nothing is said twice"].measured == "4 s is 1 s again"


SEEN = {
    "black": "drawbox=t=fill:c=black:enable='between(n,60,65)'",
    "empty": "drawbox=t=fill:c=0x406080:enable='between(n,60,65)'",
    "frozen": "trim=end_frame=100,tpad=stop=127:stop_mode=clone",
    "contrast": "eq=contrast=0.25",
    "words as planned": "tpad=start=9:start_mode=clone,trim=end_frame=227",
    "size": "scale=720:720",
    "frames": "trim=end_frame=220",
}  # fmt: skip


@pytest.mark.parametrize("fault", SEEN)
def test_what_is_wrong_with_the_picture_is_seen(fault: str, rendered: Path, clip: Job, tmp_path: Path):
    found = bad(facts(clip, rendered, made(clip, tmp_path / "f.mp4", "-vf", SEEN[fault], *PICTURES)))
    assert fault in found, found
    assert found[fault].mend


def test_a_still_background_with_moving_captions_is_not_frozen(rendered: Path, clip: Job):
    """The waveform taken out, only captions change, and in pauses nothing does."""
    found = facts(clip, rendered)
    assert found.seen is not None
    pause = dataclasses.replace(found.seen, still=((0.2, 1.4), (6.0, 7.5)))
    groups = tuple(g for g in found.groups or () if not any(a < g.start < b for a, b in pause.still))
    assert "frozen" not in bad(dataclasses.replace(found, seen=pause, groups=groups))
    assert "frozen" in bad(
        dataclasses.replace(found, seen=pause, groups=(*groups, dataclasses.replace(groups[-1], start=6.2)))
    )


FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "moov first": (("-c", "copy"), ("-use_editlist", "0", "-f", "mp4"), ()),
    "no edit list": (("-c", "copy"), ("-movflags", "+faststart", "-use_editlist", "1", "-f", "mp4"), ("-ss", "1")),
    "start": ((*PICTURES[:2], "-preset", "veryfast", "-bf", "2", *PICTURES[6:]), FORM, ()),
    "frame rate": (("-c", "copy", "-bsf:v", "setts=ts='TS+if(gt(N\\,90)\\,900\\,0)'"), FORM, ()),
    "codec": ((*PICTURES[:1], "mpeg4", "-q:v", "3", "-c:a", "copy"), FORM, ()),
    "pixels": ((*PICTURES[:7], "yuv444p", *PICTURES[8:]), FORM, ()),
    "colours": (("-c", "copy", "-bsf:v", "h264_metadata=colour_primaries=5:transfer_characteristics=6"), FORM, ()),
    "sound's codec": (("-c:v", "copy", "-c:a", "aac", "-ar", "44100"), FORM, ()),
    "groups of pictures": ((*PICTURES[:8], "-g", "300", *PICTURES[10:]), FORM, ()),
}  # fmt: skip


@pytest.mark.parametrize("fault", FORMS)
def test_what_is_wrong_with_the_container_is_found(fault: str, rendered: Path, clip: Job, tmp_path: Path):
    arguments, form, before = FORMS[fault]
    found = bad(facts(clip, rendered, made(clip, tmp_path / "f.mp4", *arguments, form=form, before=before)))
    assert fault in found, found
    assert found[fault].mend


def test_open_groups_are_found(rendered: Path, clip: Job, tmp_path: Path):
    options = ("-c:v", "libx264", "-preset", "veryfast", "-x264-params", "open-gop=1:bframes=2:keyint=60:scenecut=0")
    form = ("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0", "-f", "mp4")
    path = made(clip, tmp_path / "f.mp4", *options, "-c:a", "copy", form=form)
    assert bad(facts(clip, rendered, path))["groups of pictures"].measured.startswith("open")


def test_a_damaged_file_is_told_as_such(rendered: Path, clip: Job, tmp_path: Path):
    data = bytearray(clip.files["square"].read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 60_000, 7):
        data[at] ^= 0x5A
    path = tmp_path / "f.mp4"
    path.write_bytes(data)
    assert bad(facts(clip, rendered, path)).keys() & {"decodes", "words as planned", "sound is the episode's"}
    cut = tmp_path / "g.mp4"
    cut.write_bytes(bytes(clip.files["square"].read_bytes()[:-200_000]))
    assert bad(facts(clip, rendered, cut))["decodes"].mend


EDGES: dict[str, tuple[Span, str]] = {
    "opens beside a word": (Span(start=98.95, end=105.98), "cuts through “always”"),
    "opens on a sentence": (Span(start=98.79, end=105.98), "inside a sentence, without “You can”"),
    "opens with speech": (Span(start=102.46, end=105.98), ""),
    "ends beside a word": (Span(start=98.42, end=105.6), "cuts through “scissors.”"),
    "ends on a sentence": (Span(start=98.42, end=105.31), "inside a sentence, without “scissors.”"),
    "last word rings out": (Span(start=98.42, end=105.82), "0.02 s after it"),
}  # fmt: skip


@pytest.mark.parametrize("fault", EDGES)
def test_edges_that_are_not_clean_are_found(fault: str, rendered: Path, clip: Job, monkeypatch: pytest.MonkeyPatch):
    from clipper.export.checks import edges
    from clipper.export.checks.limits import Limit

    span, told = EDGES[fault]
    said = said_in(Folder(rendered))
    assert said is not None
    one = edges.edges(span, said)
    if fault == "opens with speech":  # the sample has no pause that long: the wait is made longer than the limit
        one = dataclasses.replace(one, lead=1.5)
        assert edges.limit("edge_lead") == Limit(1.2, edges.limit("edge_lead").source)
    base = dataclasses.replace(facts_without_decoding(clip), edges=one)
    assert told in bad(base)[fault].measured
    by_hand = bad(dataclasses.replace(base, by_hand=(True, True)))
    assert (fault in by_hand) == fault.endswith(
        "beside a word"
    )  # where the producer cut is a wish, half a word is none


def facts_without_decoding(job: Job) -> Facts:
    from clipper.export.checks.look import container
    from clipper.export.checks.model import Wanted

    return Facts(container(job.files["square"]), Wanted(1080, 1080, 30.0, job.frames, draft=True))


def test_a_clip_that_was_changed_since_is_told(out: Path, clip: Job):
    text = (out / "clips.yaml").read_text()
    (out / "clips.yaml").write_text(
        text.replace("title: You can always take more off", "title: You can never put it back")
    )
    said = said_in(Folder(out))
    assert said is not None
    rows = check_clip(jobs_of(out, "c1"), said)[0].verdicts
    assert "made from the plan" in {v.name for v in rows if not v.good}


CAPTIONS: dict[str, Callable[[str], str]] = {
    "captions.srt": lambda t: t.replace("00:00:0", "00:00:x", 3),
    "captions.vtt": lambda t: t.removeprefix("WEBVTT"),
    "captions.srt in step": lambda t: t.replace("take more", "take less"),
    "captions.vtt in step": lambda t: t.replace("00:00:02.", "00:00:03."),
}


@pytest.mark.parametrize("fault", CAPTIONS)
def test_caption_files_that_are_not_right_are_found(fault: str, out: Path):
    job = jobs_of(out, "c1")
    path = job.folder / fault.split()[0]
    before = path.read_text(encoding="utf-8")
    path.write_text(CAPTIONS[fault](before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    from clipper.export.checks.captions import caption_file
    from clipper.export.checks.whole import groups_of

    files = tuple(caption_file(job.folder / name) for name in ("captions.srt", "captions.vtt"))
    found = dataclasses.replace(
        facts_without_decoding(job), caption_files=files, groups=tuple(groups_of(job, job.formats[0]))
    )
    assert fault in bad(found)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"", b"WEBVTT\n\n" + b"00:00:01.000 --> 00:00:00.500\nx\n\n"])
def test_a_caption_file_of_anything_is_no_traceback(data: bytes, tmp_path: Path, clip: Job):
    from clipper.export.checks.captions import caption_file
    from clipper.export.checks.whole import groups_of

    (tmp_path / "captions.vtt").write_bytes(data)
    found = dataclasses.replace(
        facts_without_decoding(clip),
        caption_files=(caption_file(tmp_path / "captions.vtt"),),
        groups=tuple(groups_of(clip, "vertical")),
    )
    assert "captions.vtt" in bad(found)


def test_captions_that_come_late_or_rush_are_found(clip: Job):
    from clipper.export.checks.whole import groups_of

    groups = groups_of(clip, "vertical")
    late = tuple(dataclasses.replace(g, start=g.start + 1, end=g.end + 1) for g in groups)
    base = facts_without_decoding(clip)
    assert "captions with the words" in bad(dataclasses.replace(base, groups=late))
    rush = tuple(dataclasses.replace(g, words=tuple(w * 3 for w in g.words)) for g in groups)
    found = bad(dataclasses.replace(base, groups=rush))
    assert {"reading speed", "reading speed on average"} <= found.keys()


def test_words_under_the_buttons_and_outside_their_box_are_found(clip: Job):
    base = facts_without_decoding(clip)
    base = dataclasses.replace(base, wanted=dataclasses.replace(base.wanted, width=1080, height=1920))
    low = Ink("captions", Box(200, 1500, 800, 1600), Box(100, 1400, 900, 1700))
    found = bad(dataclasses.replace(base, inks=(low,)))
    assert "text in its box" not in found
    assert "captions (bottom 350 px)" in found["clear of the buttons"].measured
    wide = Ink("headline", Box(150, 600, 900, 700), Box(150, 600, 700, 700))
    assert "right 189 px" in bad(dataclasses.replace(base, inks=(wide,)))["text in its box"].measured


def test_the_buttons_are_those_of_the_template_as_it_is_drawn(rendered: Path, clip: Job):
    """A template whose captions lie at the bottom is caught by its own ink."""
    from clipper.export.checks.whole import groups_of, inks_of

    shape = clip.template.shape("vertical")
    part = shape.captions
    assert part is not None
    moved = part.model_copy(update={"box": (part.box[0], 80.0, part.box[2], part.box[3])})
    layers = tuple(moved if layer is part else layer for layer in shape.layers)
    low = clip.template.model_copy(update={"vertical": shape.model_copy(update={"layers": layers})})
    job = dataclasses.replace(clip, template=low)
    inks = tuple(inks_of(job, "vertical", groups_of(job, "vertical"), (1080, 1920)))
    base = facts_without_decoding(clip)
    base = dataclasses.replace(base, wanted=dataclasses.replace(base.wanted, width=1080, height=1920), inks=inks)
    assert "captions (bottom" in bad(base)["clear of the buttons"].measured


def test_what_a_platform_does_not_take_is_told_with_its_source(clip: Job):
    x = platform("x")
    tight = x.model_copy(
        update={
            "length": x.length.model_copy(update={"most": 5.0}),
            "file": x.file.model_copy(update={"bytes": 1000}),
            "picture": x.picture.model_copy(update={"side_most": 720, "fps_most": 24.0}),
        }
    )
    found = bad(dataclasses.replace(facts_without_decoding(clip), platforms=(tight,)))
    assert {"X: length", "X: bytes", "X: size", "X: frames a second"} <= found.keys()
    assert found["X: length"].measured == "7.6 s"
    assert "docs.x.com" in found["X: length"].source
    assert "official" in found["X: length"].source


def test_the_command_leaves_a_page_and_ends_with_five(out: Path, clipper: Clipper):
    done = clipper("check", out, "--only", "c2", "--json")
    assert done.code == 0, done.err
    assert done.json["good"] is True
    path = out / "clips" / "02-only-decaf" / "captions.vtt"
    path.write_text("nothing")
    text = (out / "clips.yaml").read_text().replace("title: Why a Small Town", "title: <script>alert(1)</script> Why")
    (out / "clips.yaml").write_text(text)
    done = clipper("check", out, "--only", "c2", "--for", "all")
    assert done.code == 5
    assert "checks fell short" in done.two_lines()[0]
    assert "captions.vtt: wrong: it does not begin with WEBVTT" in done.out
    assert "TikTok: length: 2.5 s (should be 3 to 600 s)" in done.out
    page = (out / "check.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("✗") >= 2


def test_what_was_dropped_bleeped_and_put_under_music_is_expected(rendered: Path, tmp_path: Path):
    """The sound is compared with what the plan makes of the episode; a file without the changes is not it."""
    import shutil

    import numpy as np

    from clipper.batch import videos
    from clipper.plan import store
    from clipper.plan.model import Passage
    from clipper.sound.wav import wav_bytes

    out = Path(shutil.copytree(rendered, tmp_path / "out"))
    time = np.arange(48_000 * 3) / 48_000
    hum = np.repeat((0.2 * np.sin(2 * np.pi * 220 * time) * np.sin(8 * time))[:, None], 2, axis=1).astype(np.float32)
    (out / "hum.wav").write_bytes(wav_bytes(hum))
    plan, _ = plan_of(out)
    drop, bleep = (
        Passage(text=f"{s.start} to {s.end}", spans=(s,))
        for s in (Span(start=100.1, end=101.8), Span(start=103, end=103.4))
    )
    clip = plan.clips[0].changed(drop=(drop,), bleep=(bleep,), music="hum.wav", formats=("square",))
    store.save(plan.with_clip(clip), out)
    changed, transcript = plan_of(out)
    output = videos.output_of("draft", "libx264", None, None, ("square",))
    before = (out / "clips" / "01-you-can-always-take-more-off" / "square.mp4").read_bytes()
    done = videos.render(out, changed, transcript, only=["c1"], output=output)
    assert done[0].short == []
    job = finished(out, changed, transcript, ["c1"])[0]
    assert bad(facts(job, out)) == {}
    job.files["square"].write_bytes(before)
    assert "sound is the episode's" in bad(facts(job, out))


def test_guessed_word_times_accuse_no_cut_of_going_through_a_word(clip: Job, rendered: Path):
    from clipper.export.checks.whole import edges_of

    said = said_in(Folder(rendered))
    assert said is not None
    inside = dataclasses.replace(
        clip, recipe=dataclasses.replace(clip.recipe, pieces=Pieces.whole(Span(start=98.95, end=105.98)))
    )
    assert edges_of(inside, said).cut_open == "always"
    guessed = inside.source.transcript.model_copy(update={"timing": "spread"})
    spread = dataclasses.replace(inside, source=dataclasses.replace(inside.source, transcript=guessed))
    assert edges_of(spread, said).cut_open == ""
    assert edges_of(spread, said).opens_inside == "You can"


def test_a_wide_file_is_not_held_against_a_platform_that_gets_the_vertical_one():
    from clipper.export.checks.fit import takes

    assert takes(platform("shorts"), (1080, 1920))
    assert takes(platform("shorts"), (1080, 1080))
    assert not takes(platform("shorts"), (1920, 1080))
    assert takes(platform("bluesky"), (1920, 1080))
