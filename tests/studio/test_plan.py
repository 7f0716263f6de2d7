"""The plan on disk is the truth: each action is a small saved edit, and none is ever lost."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from clipper.plan import store
from tests.studio.conftest import Client, Running, Start


def lines(out: Path) -> str:
    return store.plan_path(out).read_text(encoding="utf-8")


def change(out: Path, old: str, new: str) -> None:
    text = lines(out)
    assert old in text
    store.plan_path(out).write_text(text.replace(old, new, 1), encoding="utf-8")


def clip(plan: dict, name: str = "c1") -> dict:
    return next(c for c in plan["clips"] if c["id"] == name)


@pytest.fixture
def at(start: Start, out: Path) -> Client:
    return start(out).client()


def test_an_action_is_saved_when_it_is_answered_and_comments_stay(at: Client, out: Path):
    change(out, "  - id: c1\n", "  # the one with the clock\n  - id: c1\n")
    before = lines(out)
    answer = at.edit("title", "c1", title="  Thirty-one   letters ")
    assert answer.status_code == 200
    assert clip(answer.json())["title"] == "Thirty-one letters"
    after = lines(out)
    assert "# the one with the clock" in after
    changed = [line for line in after.split("\n") if line not in before.split("\n")]
    assert changed == ["    title: Thirty-one letters"]


def test_borders_go_by_sentences_and_words_and_beyond_the_proposal(at: Client):
    plan = at.plan()
    was = clip(plan)
    longer = clip(at.edit("step", "c1", edge="end", count=1, unit="sentence").json())
    assert longer["span"]["end"] > was["proposed"]["end"]
    assert longer["text"].startswith(was["text"])
    shorter = clip(at.edit("step", "c1", edge="start", count=2, unit="word").json())
    assert shorter["first"] == was["first"] + 2
    snapped = clip(at.edit("place", "c1", edge="start", word=was["first"] + 1, snap=True).json())
    assert snapped["first"] == was["first"]
    exact = clip(at.edit("place", "c1", edge="start", word=was["first"] + 1).json())
    assert exact["first"] == was["first"] + 1
    assert clip(at.edit("back", "c1").json())["span"] == was["span"]
    refused = at.edit("place", "c1", edge="start", word=was["last"] + 5)
    assert refused.status_code == 422
    assert refused.json()["error"] == "nothing would be left of it"


def test_words_are_corrected_marked_struck_and_a_moved_border_keeps_it(at: Client, out: Path):
    first = clip(at.plan())["first"]
    at.edit("correct", "c1", first=first + 2, last=first + 3, written="oddest")
    at.edit("emphasise", "c1", first=first + 4, last=first + 6, on=True)
    one = clip(at.edit("strike", "c1", first=first + 9, last=first + 10, how="drop").json())
    assert "oddest" in one["captions"]
    assert "*" in one["captions"]
    assert one["drop"] == [first + 9]
    assert one["seconds"] < one["span"]["end"] - one["span"]["start"]
    moved = clip(at.edit("step", "c1", edge="end", count=-1, unit="sentence").json())
    assert moved["captions"].split()[:8] == one["captions"].split()[:8]
    assert moved["drop"] == one["drop"]
    again = clip(at.edit("strike", "c1", first=first + 9, last=first + 10, how="drop", on=False).json())
    assert again["drop"] == []
    assert len(again["captions"].split()) == len(moved["captions"].split()) + 1
    assert "oddest" in lines(out)


def test_a_word_is_corrected_everywhere_with_one_question(at: Client, out: Path):
    transcript = at.get("/api/transcript").json()
    times = sum(w.casefold().strip(".,!?") == "bell" for w in transcript["text"])
    assert times > 1
    plan = at.edit("spell", heard="bell,", written="Glocke").json()
    assert plan["words"] != transcript["version"]
    now = at.get("/api/transcript").json()["text"]
    assert sum("Glocke" in w for w in now) == times
    assert "heard: bell" in lines(out)
    at.edit("spell", heard="Glocke", written="bells")
    assert "written: bells" in lines(out)
    at.edit("spell", heard="bell", written="bells", applied=False)
    assert at.get("/api/transcript").json()["text"] == transcript["text"]


def test_a_clip_is_split_and_merged_again(at: Client):
    plan = at.plan()
    one = clip(plan)
    word = one["first"] + 40
    two = at.edit("split", "c1", word=word).json()
    assert len(two["clips"]) == len(plan["clips"]) + 1
    fresh = two["clips"][1]
    assert fresh["first"] == word
    assert fresh["picked"] is None
    merged = at.edit("merge", "c1", other=fresh["id"]).json()
    assert clip(merged)["last"] == one["last"]


def test_undo_and_redo_have_no_end_and_outlive_a_kill(start: Start, out: Path):
    before = lines(out)
    one = start(out)
    at = one.client()
    for k in range(30):
        at.edit("title", "c2", title=f"Title {k}")
    at.edit("step", "c1", edge="end", count=-1, unit="sentence")
    at.edit("pick", "c1", picked=True)
    after = lines(out)
    one.stop(signal.SIGKILL)
    at = start(out).client()
    assert at.plan()["undo"] == {"what": "pick", "clip": "c1"}
    for _ in range(32):
        assert at.post("/api/undo", json={}).status_code == 200
    assert at.post("/api/undo", json={}).status_code == 404
    assert lines(out) == before
    for _ in range(32):
        at.post("/api/redo", json={})
    assert lines(out) == after
    at.post("/api/undo", json={})
    at.edit("hook", "c3", hook="something else")
    assert at.plan()["redo"] is None


def test_every_kind_of_edit_is_taken_back_to_the_last_byte(at: Client, out: Path):
    one = clip(at.plan())
    first = one["first"]
    word = {"first": first + 3, "last": first + 5}
    edits: list[dict] = [
        {"do": "pick", "picked": True}, {"do": "title", "title": "Another"}, {"do": "hook", "hook": "Look"},
        {"do": "step", "edge": "end", "count": -1}, {"do": "place", "edge": "start", "word": first + 3},
        {"do": "correct", **word, "written": "x"}, {"do": "emphasise", **word}, {"do": "strike", **word},
        {"do": "strike", **word, "how": "bleep"}, {"do": "strike", **word, "how": "keep"},
        {"do": "split", "word": first + 40}, {"do": "merge", "other": "c2"}, {"do": "captions", "captions": "a b c"},
        {"do": "look", "template": "card"}, {"do": "shapes", "formats": ["square"]},
        {"do": "sound", "tighten": True, "music": "m.mp3", "clean": ["high-pass"]},
        {"do": "every-sound", "clip": "", "music": "m.mp3"}, {"do": "every-look", "clip": "", "template": "duo"},
        {"do": "every-shape", "clip": "", "formats": ["wide"]},
        {"do": "spell", "clip": "", "heard": "bell", "written": "Glocke"},
    ]  # fmt: skip
    before = lines(out)
    for asked in edits:
        answer = at.edit(**{"clip": "c1", **asked})
        assert answer.status_code == 200, (asked, answer.text)
        assert lines(out) != before, asked
        at.post("/api/undo", json={})
        assert lines(out).replace("last_id: 6", "last_id: 5") == before, asked  # a number is never given twice


def test_killed_at_any_moment_no_more_than_the_last_key_is_gone(start: Start, out: Path):
    import random

    chance = random.Random(9)
    for _ in range(4):
        one = start(out)
        at = one.client()
        done = [clip(at.plan())["title"]]
        over = threading.Timer(chance.uniform(0.05, 0.6), lambda one=one: one.stop(signal.SIGKILL))
        over.start()
        try:
            for k in range(1000):
                asked = f"{done[0][:8]} {k}"
                at.edit("title", "c1", version="", force=True, title=asked)
                done.append(asked)
        except httpx.TransportError:
            pass
        over.join()
        assert store.load(out).clips[0].title in (done[-1], asked)
        assert not list(out.glob(".*tmp*"))
    at = start(out).client()
    now = clip(at.plan())["title"]
    assert clip(at.post("/api/undo", json={}).json())["title"] != now


def killed(start: Start, out: Path, line: str) -> Client:
    """The studio again, after it was killed with one edit done and `line` begun in its journal."""
    one = start(out)
    one.client().edit("title", "c1", title="One")
    one.stop(signal.SIGKILL)
    with (out / ".studio" / "journal.jsonl").open("a", encoding="utf-8") as f:
        f.write(line)
    return start(out).client()


def test_a_crash_in_the_middle_of_the_journal_loses_no_more_than_that_line(start: Start, out: Path):
    at = killed(start, out, '{"turn": "do", "change": {"wh')
    at.edit("title", "c1", title="Two")
    assert clip(at.post("/api/undo", json={}).json())["title"] == "One"
    assert clip(at.post("/api/undo", json={}).json())["title"].startswith("The town hall clock")


def test_an_edit_that_was_cut_off_before_the_plan_was_written_is_not_taken_back(start: Start, out: Path):
    never = {"what": ["title", "c1"], "clips": {"c1": {"title": ["One", "Two"]}}}
    at = killed(start, out, json.dumps({"turn": "do", "change": never}) + "\n")
    assert clip(at.post("/api/undo", json={}).json())["title"].startswith("The town hall clock")
    assert clip(at.post("/api/redo", json={}).json())["title"] == "One"


def test_two_tabs_lose_nothing_and_a_conflict_shows_both_sides(at: Client, out: Path):
    version = at.plan()["version"]
    assert at.edit("title", "c1", version=version, title="From the first tab").status_code == 200
    other = at.edit("hook", "c1", version=version, hook="From the second tab")
    assert other.status_code == 200  # something else: both hold
    clash = at.edit("title", "c1", version=version, title="From the second tab")
    assert clash.status_code == 409
    theirs = clash.json()["theirs"]
    assert clip(theirs)["title"] == "From the first tab"
    assert "From the first tab" in lines(out)
    mine = at.edit("title", "c1", version=theirs["version"], title="From the second tab")
    assert clip(mine.json())["title"] == "From the second tab"
    assert clip(mine.json())["hook"] == "From the second tab"


def test_an_edit_in_an_editor_shows_on_the_page_and_is_not_overwritten(at: Client, out: Path):
    plan = at.plan()
    events: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        with at.stream("GET", "/api/events") as told:
            for line in told.iter_lines():
                events.append(line)
                ready.set()
                if line == "event: plan":
                    return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert ready.wait(10)
    change(out, "How a bell works", "How bells work")
    listener.join(10)
    assert "event: plan" in events
    assert at.edit("pick", "c1", version=plan["version"], picked=True).status_code == 200
    text = lines(out)
    assert "How bells work" in text
    assert clip(at.plan())["picked"] is True
    # undo of something that was changed elsewhere since asks first
    at.edit("title", "c3", title="Mine")
    change(out, "Mine", "Theirs")
    assert at.post("/api/undo", json={}).status_code == 409
    assert "Theirs" in lines(out)
    assert at.post("/api/undo", json={"force": True}).status_code == 200
    assert "Theirs" not in lines(out)


def test_a_command_in_between_loses_nothing(at: Client, out: Path):
    version = at.plan()["version"]
    command = [sys.executable, "-m", "clipper", "pick", str(out)]
    done = subprocess.run(command, input="l\nt\nq\n", capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    plan = at.edit("title", "c2", version=version, title="Kept").json()
    assert [c["picked"] for c in plan["clips"]][:2] == [False, True]
    assert clip(plan, "c2")["title"] == "Kept"
    assert at.edit("pick", "c1", version=version, picked=True).status_code == 409


def test_a_plan_that_cannot_be_read_is_told_with_its_line_and_the_last_good_one_is_offered(at: Client, out: Path):
    at.edit("title", "c1", title="Good")
    good = lines(out)
    store.plan_path(out).write_text(good.replace("clips:\n", "clips:\n  - id: [\n", 1), encoding="utf-8")
    plan = at.plan()
    assert "line" in plan["problem"]["error"]
    assert plan["problem"]["restorable"] is True
    assert clip(plan)["title"] == "Good"  # what was known is still shown
    refused = at.edit("title", "c1", title="Lost?")
    assert refused.status_code == 422
    assert "- id: [" in lines(out)
    assert at.post("/api/restore", json={}).json()["problem"] is None
    assert lines(out) == good
    assert "- id: [" in (out / "clips.broken.yaml").read_text(encoding="utf-8")


def test_a_folder_without_a_plan_and_a_full_disk_are_told(start: Start, out: Path, tmp_path: Path, clipper):
    told = clipper("studio", tmp_path / "nowhere.mp3", "--no-open")
    assert told.code != 0
    told.two_lines()
    one = start(out)
    at = one.client()
    store.plan_path(out).unlink()
    assert "no clips.yaml" in at.plan()["problem"]["error"]


def test_nothing_half_written_is_left_where_the_disk_is_full(out: Path, monkeypatch: pytest.MonkeyPatch):
    """A full disk cannot be had here: the write fails as one does."""
    import errno

    from clipper import cache
    from clipper.errors import MissingError
    from clipper.studio.asked import Title
    from clipper.studio.desk import Desk

    desk = Desk(out)
    state, before = desk.state(), lines(out)

    def full(path: Path, text: str) -> None:
        raise cache.cannot_write(path, OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr("clipper.plan.store.write_text", full)
    asked = Title(do="title", clip="c1", title="Too much")
    with pytest.raises(MissingError, match="No space left"):
        desk.edit(state.version, "title", "c1", asked.apply, asked.touched)
    assert lines(out) == before


def test_the_sound_lies_elsewhere_now(at: Client, out: Path, sample_audio: Path, tmp_path: Path):
    audio = tmp_path / "moved.mp3"
    audio.write_bytes(sample_audio.read_bytes())
    at.get("/api/clips/c1/frame", params={"size": "small"})
    text = lines(out)
    line = next(x for x in text.split("\n") if x.startswith("audio: "))
    change(out, line, "audio: /nowhere/at-all.mp3")
    assert at.plan()["source"] is False
    assert at.get("/api/clips/c2/frame").status_code in (404, 422)
    other = tmp_path / "other.mp3"
    other.write_bytes(sample_audio.read_bytes()[:-5000])
    assert at.post("/api/source", json={"path": str(other)}).status_code == 404
    assert at.post("/api/source", json={"path": str(tmp_path / "none.mp3")}).status_code == 422
    assert at.post("/api/source", json={"path": str(audio)}).json()["source"] is True
    assert at.get("/api/clips/c2/frame", params={"size": "small"}).status_code == 200


def test_a_folder_of_many_episodes_is_a_list(start: Start, found: Path, tmp_path: Path):
    import shutil

    for name in ("one", "two"):
        shutil.copytree(found, tmp_path / "show" / name / "out")
    one: Running = start(tmp_path / "show")
    at = one.client()
    assert at.get("/api/session").json()["many"] is True
    rows = at.get("/api/episodes").json()
    assert len(rows) == 2
    assert {r["title"] for r in rows} == {"Why a Small Town Asked for its Wrong Note Back"}
    second = rows[1]["key"]
    version = at.get("/api/plan", params={"episode": second}).json()["version"]
    body = {"version": version, "edit": {"do": "pick", "clip": "c1", "picked": True}}
    assert at.post("/api/edits", params={"episode": second}, json=body).status_code == 200
    assert at.get("/api/plan", params={"episode": rows[0]["key"]}).json()["version"] == version
    assert at.get("/api/plan", params={"episode": "0123456789"}).status_code == 404
