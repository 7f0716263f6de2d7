"""The show's own places: tags that a feed takes, files that a video editor opens, pages that work offline."""

from __future__ import annotations

import datetime
import email.utils
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from clipper.batch import own
from clipper.batch.finished import finished
from clipper.errors import InputError
from clipper.export.own import feed, pages
from clipper.export.own.answers import read_answer
from clipper.export.own.picks import Pick
from clipper.span import Span
from tests.conftest import Clipper
from tests.export.small_out import DECAF, HAIR, plan_of

MEDIA = "https://cdn.example.com/clips"
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def places(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OUT/packs/own of the two clips."""
    import shutil

    out = Path(shutil.copytree(rendered, tmp_path_factory.mktemp("own") / "out"))
    plan, transcript = plan_of(out)
    jobs = finished(out, plan, transcript)
    _, notes = own.make_own(out, plan, transcript, jobs, MEDIA)
    assert notes == [f"c{n} lasts {s} s; soundbites of 15 to 120 s are recommended" for n, s in ((1, 8), (2, 2))]
    own.make_review(out, plan, jobs)
    return out / "packs" / "own"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


def tags(text: str) -> list[ET.Element]:
    return list(ET.fromstring(f'<channel xmlns:podcast="{feed.NAMESPACE}">{text}</channel>'))


def test_soundbites_are_what_the_namespace_asks_for(places: Path):
    rows = tags((places / "soundbites.xml").read_text(encoding="utf-8"))
    assert [row.tag for row in rows] == [f"{{{feed.NAMESPACE}}}soundbite"] * 2
    for row, span in zip(rows, (HAIR, DECAF), strict=True):
        assert set(row.attrib) == {"startTime", "duration"}
        assert float(row.attrib["startTime"]) == pytest.approx(span.start, abs=0.001)
        assert float(row.attrib["duration"]) == pytest.approx(span.seconds, abs=0.001)
        assert 0 < len(row.text or "") <= 128


def test_trailers_are_what_the_namespace_asks_for(places: Path):
    rows = tags((places / "trailers.xml").read_text(encoding="utf-8"))
    for row in rows:
        assert row.tag == f"{{{feed.NAMESPACE}}}trailer"
        date = email.utils.parsedate_to_datetime(row.attrib["pubdate"])
        assert abs((datetime.datetime.now(datetime.UTC) - date).total_seconds()) < 600
        name = row.attrib["url"].removeprefix(MEDIA + "/")
        assert (places / name).stat().st_size == int(row.attrib["length"])
        assert row.attrib["type"] == "audio/mp4"
        assert 0 < len(row.text or "") <= 128
    import av

    with av.open(str(places / "01-you-can-always-take-more-off.m4a")) as sound:
        assert not sound.streams.video
        assert sound.streams.audio[0].codec_context.name == "aac"


def test_titles_of_anything_stay_xml_and_within_128_characters():
    hard = Pick(
        "c1", "01-x", "<b>&\"' " + "bells\x00\x1b " * 60, (Span(start=1, end=20),), 19.0, "", *[Path("x")] * 3, (1, 1)
    )
    several = Pick("c2", "02-x", "B", (Span(start=1, end=2), Span(start=5, end=6)), 2.0, "", *[Path("x")] * 3, (1, 1))
    rows = tags(feed.soundbites([hard, several]))
    assert len(rows) == 1
    assert (rows[0].text or "").startswith("<b>&\"' bells")
    assert len(rows[0].text or "") <= 128
    assert feed.left_out([several])[0].startswith("c2 is out of several stretches")
    made = datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC)
    assert len(tags(feed.trailers([hard], 'https://a.example/?a=1&b="', [3], made))) == 1


def test_chapters_are_json_chapters(places: Path):
    said = json.loads((places / "chapters.json").read_text(encoding="utf-8"))
    assert said["version"] == "1.2.0"
    starts = [row["startTime"] for row in said["chapters"]]
    assert starts == sorted(starts) == [HAIR.start, DECAF.start]
    assert all(row["title"] and row["endTime"] > row["startTime"] for row in said["chapters"])


@pytest.mark.parametrize("name", ["picks.otio", "picks.fcpxml", "picks.edl"])
def test_a_video_editor_opens_the_picks_where_they_are(places: Path, name: str):
    import opentimelineio as otio

    options = {"rate": 30} if name.endswith("edl") else {}
    read = otio.adapters.read_from_file(str(places / name), **options)
    clips = list(read.find_clips())
    assert [c.name for c in clips][:1] == ["You can always take more off"]
    assert len(clips) == 2
    for clip, span in zip(clips, (HAIR, DECAF), strict=True):
        cut = clip.trimmed_range()
        assert cut.start_time.to_seconds() == pytest.approx(span.start, abs=0.04)
        assert cut.duration.to_seconds() == pytest.approx(span.seconds, abs=0.07)
    if name != "picks.edl":
        assert str(clips[0].media_reference.target_url).endswith("/oddly-good-work-042.mp3")


def test_the_embed_plays_with_its_captions(places: Path, browser: Browser):
    import functools
    import http.server
    import threading

    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(places))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/embed.html")
    said = page.evaluate(
        """async () => {
          const video = document.querySelector("video");
          video.preload = "auto"; video.load(); video.textTracks[0].mode = "showing";
          const until = Date.now() + 20000;
          while (Date.now() < until && !(video.readyState >= 1 && video.textTracks[0].cues?.length))
            await new Promise(done => setTimeout(done, 50));
          return [video.videoWidth, video.duration, [...video.textTracks[0].cues].map(c => c.text).join(" ")];
        }"""
    )
    page.close()
    server.shutdown()
    assert said[0] == 1080
    assert said[1] == pytest.approx(HAIR.seconds, abs=0.1)
    assert "take more off" in said[2]


def test_a_guest_watches_ticks_and_saves_offline_and_the_plan_takes_it(
    places: Path, browser: Browser, tmp_path: Path, clipper: Clipper
):
    out = places.parents[1]
    context = browser.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto((out / "review" / "review.html").as_uri())
    page.wait_for_function("[...document.querySelectorAll('video')].every(v => v.readyState >= 1)", timeout=20_000)
    page.get_by_label("Rather not").nth(1).check()
    page.get_by_label("Fine, post it").first.check()
    page.locator("textarea").nth(1).fill("That was a private joke </script><b>")
    page.get_by_label("Your name").fill("Aoife")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answer").click()
    download.value.save_as(tmp_path / "answer.json")
    assert "answer.json" in page.locator("#said").inner_text()
    context.close()
    assert errors == []
    answer = read_answer(tmp_path / "answer.json")
    assert [(c.id, c.answer) for c in answer.clips] == [("c1", "yes"), ("c2", "no")]
    done = clipper("review", out, "--answer", tmp_path / "answer.json")
    assert done.code == 0, done.err
    assert "c2: Aoife says rather not, so it is no longer picked: “That was a private joke </script><b>”" in done.out
    assert [c.picked for c in plan_of(out)[0].clips] == [True, False]


def test_an_answer_to_a_clip_that_has_changed_since_is_told_and_changes_nothing(out: Path):
    plan, transcript = plan_of(out)
    jobs = finished(out, plan, transcript)
    rows = [{"id": job.clip.id, "content": "0" * 64, "answer": "no", "note": ""} for job in jobs]
    path = out / "answer.json"
    path.write_text(json.dumps({"schema": 1, "plan": "x", "by": "", "clips": rows}))
    after, told = own.take_answer(plan, jobs, read_answer(path))
    assert after == plan
    assert told[0].startswith("c1 was changed since the guest saw it")
    other = read_answer(path).model_copy(update={"clips": ()})
    with pytest.raises(InputError, match="to other clips"):
        own.take_answer(plan, jobs, other)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema": 1}', '{"schema":1,"plan":"","clips":[{"id":"c1"}]}', "\x00", "[" * 9000]
)
def test_a_file_that_is_no_answer_is_refused_in_two_lines(text: str, tmp_path: Path):
    (tmp_path / "answer.json").write_text(text)
    with pytest.raises(InputError, match="is no answer") as wrong:
        read_answer(tmp_path / "answer.json")
    assert wrong.value.mend


def test_a_title_cannot_become_a_part_of_the_page():
    bad = Pick(
        "c1",
        "01-x",
        "</script><script>alert(1)</script>",
        (Span(start=1, end=2),),
        1.0,
        "<b>x",
        *[Path("x")] * 3,
        (9, 16),
    )
    for text in (
        pages.embed_page([bad], bad.title, "en"),
        pages.review_page([bad], ["0" * 64], title=bad.title, show=bad.title, plan="</script>", language='"><b>'),
    ):
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<b>" not in text
    assert (
        "</script><"
        not in pages.review_page([bad], ["0" * 64], title="t", show="s", plan="</script><b>", language="en")
        .replace("</script><script>const", "")
        .replace("</script></body>", "")
        .split("facts", 1)[1][:40]
    )


def test_the_command_writes_own_places_alone(out: Path, clipper: Clipper):
    done = clipper("pack", out, "--for", "own", "--only", "c1", "--media", MEDIA)
    assert done.code == 0, done.err
    assert "soundbites.xml" in done.out
    assert not (out / "packs" / "bluesky").exists()
    assert clipper("pack", out, "--for", "own", "--media", "ftp://x").code == 2
