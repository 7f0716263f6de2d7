"""`clipper learn` on plans that `clipper find` made and a producer went through."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from clipper.batch import one
from clipper.batch.corrections import corrections
from clipper.batch.learn import lengthening, past
from clipper.batch.measured import read_measured
from clipper.batch.people import spelling_of
from clipper.batch.planned import open_plan, write_plan
from clipper.batch.wishes import wished
from clipper.episode.model import Episode
from clipper.plan import store
from clipper.plan.session import apply, begin
from clipper.show import find_show
from clipper.speech.formats import write_json
from clipper.speech.spelled import Spelling, recalled
from tests.conftest import Clipper
from tests.highlights.producers import episode, tastes
from tests.highlights.talks import said

EPISODES = 5


def search(page: Path, out: Path, **said: object) -> None:
    """What `clipper find PAGE --transcript words.json -o OUT` does, without the time to start it."""
    wishes = wished(str(page), to_make=False, transcript=page.with_name("words.json"), offline=True, **said)
    write_plan(wishes, one.find(wishes), out, picked=None)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of five episodes, each with a plan of eight candidates that nobody has looked at."""
    show = tmp_path_factory.mktemp("show")
    (show / "clipper.toml").write_text("# The Harbour Hour\n")
    for number in range(EPISODES):
        folder = show / f"episode {number}"
        folder.mkdir()
        transcript, page = episode(number)
        write_json(transcript, folder / "words.json")
        (folder / "page.md").write_text(f"---\ntitle: {page.title}\n---\n\nA talk.\n", encoding="utf-8")
        search(folder / "page.md", folder / "out")
    return show


@pytest.fixture
def show(found: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    copy = Path(shutil.copytree(found, tmp_path / "show"))
    for out in outs(copy):
        store.save(store.load(out).model_copy(update={"episode": str(out.parent / "page.md")}), out)
    return copy


def outs(show: Path) -> list[Path]:
    return sorted(show.glob("*/out"))


def go_through(out: Path, picks: list[bool]) -> None:
    """What `clipper pick` does with these answers."""
    session = begin(store.load(out))
    for picked in picks:
        session = apply(session, "t" if picked else "l")
    store.save(session.plan, out)


def standards(out: Path, signal: str) -> list[float]:
    rows = read_measured(out).clips
    return [rows[c.id].standard.get(signal, 0.0) for c in store.load(out).clips]


def pick_stories(show: Path, seed: int = 1) -> int:
    """Goes through the whole show with a taste for stories; how many were picked."""
    chance = random.Random(seed)
    picked = 0
    for out in outs(show):
        picks = tastes(standards(out, "story"), chance, 0.3)
        go_through(out, picks)
        picked += sum(picks)
    return picked


def test_find_keeps_what_the_signals_said_of_every_clip(found: Path) -> None:
    for out in outs(found):
        rows = read_measured(out).clips
        assert set(rows) == {c.id for c in store.load(out).clips}
        assert all(row.signals for row in rows.values())


def test_a_taste_for_stories_is_learnt_told_and_used(clipper: Clipper, show: Path) -> None:
    picked = pick_stories(show)
    done = clipper("learn", show)
    assert done.code == 0, done.err
    assert f"From 40 choices in 5 episodes ({picked} picked, {40 - picked} left)" in done.out
    assert "your show prefers stories (" in done.out
    assert "--undo" in done.out
    learnt = (show / "clipper.learnt.toml").read_text(encoding="utf-8")
    assert "choices = 40" in learnt
    page = show / "episode 2" / "page.md"
    again = clipper("find", page, "--transcript", page.with_name("words.json"), "--explain", "c1", "--json")
    assert again.code == 0, again.err
    assert "weights learnt from your choices" in again.err
    story = next(p for p in again.json["explained"]["parts"] if p["signal"] == "story")
    assert story["weight"] > 0.1
    (show / "clipper.toml").write_text("[signals]\nstory = 0.01\n")
    own = clipper("find", page, "--transcript", page.with_name("words.json"), "--explain", "c1", "--json")
    story = next(p for p in own.json["explained"]["parts"] if p["signal"] == "story")
    assert story["weight"] == 0.01, "what the producer wrote goes before what was learnt"


def test_the_answer_as_json(clipper: Clipper, show: Path) -> None:
    pick_stories(show)
    done = clipper("learn", *outs(show), "--json")
    assert done.code == 0, done.err
    answer = done.json
    assert (answer["plans"], answer["choices"], answer["episodes"]) == (5, 40, 5)
    assert answer["picked"] + answer["left"] == 40
    row = next(r for r in answer["learnt"] if r["signal"] == "story")
    assert row["after"] > row["before"] == 0.0
    assert 0.8 <= row["sure"] < 1
    assert answer["held_out"]["learnt"] > answer["held_out"]["shipped"]
    assert answer["written"] == str(show / "clipper.learnt.toml")


def test_a_mood_teaches_nothing_and_nothing_is_written(clipper: Clipper, show: Path) -> None:
    chance = random.Random(3)
    for out in outs(show):
        go_through(out, [chance.random() < 0.5 for _ in store.load(out).clips])
    done = clipper("learn", show)
    assert done.code == 0, done.err
    assert "nothing sure was learnt" in done.out
    assert not (show / "clipper.learnt.toml").exists()


def test_nineteen_choices_are_too_few(clipper: Clipper, show: Path) -> None:
    for out, picks in zip(outs(show), ([True, False] * 4, [True, False] * 4, [True, False, False]), strict=False):
        go_through(out, picks)
    done = clipper("learn", show)
    assert done.code == 3
    wrong, mend = done.two_lines()
    assert "19 choices" in wrong
    assert "20" in wrong
    assert "pick" in mend
    assert not (show / "clipper.learnt.toml").exists()


def test_what_was_learnt_is_taken_back_to_the_byte(clipper: Clipper, show: Path) -> None:
    pick_stories(show)
    path = show / "clipper.learnt.toml"
    everything = {p: p.read_bytes() for p in show.rglob("*") if p.is_file()}
    assert clipper("learn", show).code == 0
    first = path.read_bytes()
    go_through(outs(show)[0], [standard < 0 for standard in standards(outs(show)[0], "story")])
    changed = outs(show)[0] / "clips.yaml"
    everything[changed] = changed.read_bytes()
    assert clipper("learn", show).code == 0
    assert path.read_bytes() != first
    done = clipper("learn", "--undo", show)
    assert done.code == 0, done.err
    assert path.read_bytes() == first
    done = clipper("learn", "--undo", cwd=show / "episode 1")
    assert done.code == 0, done.err
    assert {p: p.read_bytes() for p in show.rglob("*") if p.is_file()} == everything
    done = clipper("learn", "--undo", show)
    assert done.code == 3
    assert "nothing was learnt" in done.two_lines()[0]


def test_learning_the_same_again_changes_nothing(clipper: Clipper, show: Path) -> None:
    pick_stories(show)
    assert clipper("learn", show).code == 0
    before = {p: p.read_bytes() for p in show.glob("*.toml")}
    assert clipper("learn", show).code == 0
    assert {p: p.read_bytes() for p in show.glob("*.toml")} == before


def test_a_spoilt_learnt_file_can_be_taken_back(clipper: Clipper, show: Path) -> None:
    (show / "clipper.learnt.toml").write_text("schema = 99\n")
    page = show / "episode 0" / "page.md"
    done = clipper("find", page, "--transcript", page.with_name("words.json"))
    assert done.code == 3
    assert "--undo" in done.two_lines()[1]
    assert clipper("learn", "--undo", show).code == 0
    assert clipper("find", page, "--transcript", page.with_name("words.json"), "--count", 1).code == 0


def corrected(out: Path, *rows: Spelling) -> None:
    store.save(store.load(out).model_copy(update={"spelling": rows}), out)


def test_what_was_corrected_is_right_in_the_next_episode(clipper: Clipper, show: Path) -> None:
    corrected(
        outs(show)[0],
        Spelling(heard="Eefa", written="Aoife", count=2),
        Spelling(heard="Bell", written="Belle", count=1, where="on the page", applied=False),  # refused
        Spelling(heard="Sox", written="Socks", count=1, where="on the page", certain=False),  # taken
        Spelling(heard="Ida", written="Ada", count=1, where="on the page", certain=False, applied=False),  # left
    )
    done = clipper("learn", show)
    assert done.code == 0, done.err
    assert "“Eefa” is written “Aoife” from now on" in done.out
    assert "“Bell” is left as it is" in done.out
    assert "Ida" not in done.out
    heard = said("Then Eefa sold me Sox. Bell Hart rang. The sox were hers.")
    page = Episode(guests=("Belle Hart",))
    mine = find_show(show / "episode 1" / "page.md")
    rows = {r.heard: r for r in spelling_of(heard, mine, page)}
    assert {h: (r.written, r.applied, r.where) for h, r in rows.items()} == {
        "Eefa": ("Aoife", True, "corrected before"),
        "Sox": ("Socks", True, "corrected before"),
        "Bell": ("Belle", False, "on the page"),
    }
    again = clipper("learn", show)
    assert "from now on" not in again.out
    corrected(outs(show)[1], rows["Eefa"].model_copy(update={"applied": False}))  # taken back by a line
    corrected(outs(show)[0])
    assert "“Eefa” is left as it is" in clipper("learn", show).out
    assert not any(r.applied for r in spelling_of(heard, find_show(show), Episode()) if r.heard == "Eefa")
    assert clipper("learn", "--undo", show).code == 0
    assert any(r.applied for r in spelling_of(heard, find_show(show), Episode()) if r.heard == "Eefa")


def test_plans_that_do_not_agree_teach_no_spelling(clipper: Clipper, show: Path) -> None:
    corrected(outs(show)[0], Spelling(heard="Sox", written="Socks"))
    corrected(outs(show)[1], Spelling(heard="Sox", written="Sachs"), Spelling(heard="Eefa", written="Aoife"))
    done = clipper("learn", show)
    assert "do not agree on “Sox”" in done.out
    assert find_show(show).learnt_names == {"Eefa": "Aoife"}


def test_a_name_put_right_in_a_caption_is_learnt_and_another_wording_is_not(show: Path) -> None:
    out = outs(show)[0]
    plan, words = open_plan(out)
    clip = plan.clips[0]
    inside = [w for w in words.words if clip.span.start <= w.start and w.end <= clip.span.end]
    name = next(w for w in inside if w.text.isalpha() and len(w.text) > 4)
    renamed = tuple(w.model_copy(update={"text": "Kinsela"}) if w is name else w for w in words.words)
    texts = ["Kinsella" if w is name else w.text for w in inside]
    texts[-1] = "Harbour!"
    edited = plan.with_clip(clip.changed(captions=" ".join(texts)))
    assert corrections(edited, renamed, Episode()) == {"Kinsela": "Kinsella"}


def test_a_word_that_may_be_meant_is_only_proposed() -> None:
    _, rows = recalled(said("We may go. Eefa may not."), {"may": "May", "Eefa": "Aoife"}, frozenset({"may"}))
    assert {(r.heard, r.applied) for r in rows} == {("may", False), ("Eefa", True)}


@pytest.mark.parametrize(
    "spoilt",
    [
        b"\xff\xfe",
        b"[]",
        b'{"schema": 2, "clips": {}}',
        b'{"schema": 1, "clips": {"c1": {"start": "x"}}}',
        b'{"schema": 1, "clips": {"c1": {"start": 0, "end": 1, "signals": {"story": [NaN, 1e999]}}}}',
        b"[" * 100_000,
        b"x" * 20_100_000,
        None,
    ],
)
def test_a_plan_that_cannot_be_used_is_told_and_left_out(show: Path, spoilt: bytes | None) -> None:
    pick_stories(show)
    path = outs(show)[0] / "candidates.json"
    if spoilt is None:
        path.unlink()
    else:
        path.write_bytes(spoilt)
    read = past([show])
    assert len(read.choices) == 32
    (note,) = read.notes
    assert str(path if spoilt is not None else path.parent) in note
    assert "\n" not in note


def test_plans_and_transcripts_that_are_broken_are_told_and_left_out(show: Path) -> None:
    pick_stories(show)
    (outs(show)[0] / "clips.yaml").write_text("clips: [")
    (outs(show)[1] / "transcript.json").write_text("{}")
    read = past([show])
    assert len(read.choices) == 24
    assert len(read.notes) == 2


def test_the_same_plan_twice_counts_once(show: Path) -> None:
    pick_stories(show)
    shutil.copytree(outs(show)[0], show / "episode 0" / "copy of out")
    read = past([show, show])
    assert len(read.choices) == 40
    assert len({c.episode for c in read.choices}) == 5


def test_a_clip_that_was_lengthened_is_one_that_is_wanted(show: Path) -> None:
    picked = pick_stories(show)
    for out in outs(show):
        text = (out / "clips.yaml").read_text(encoding="utf-8")
        plan = store.load(out)
        clip = next(c for c in plan.clips if c.picked and c.span.start > 8)
        longer = clip.changed(span={"start": clip.span.start - 8, "end": clip.span.end}, picked=None)
        store.save(plan.with_clip(longer), out)
        assert (out / "clips.yaml").read_text(encoding="utf-8") != text
    read = past([show])
    assert read.notes == []
    assert len(read.choices) == 40
    assert sum(c.picked for c in read.choices) == picked
    told = lengthening(read)
    assert told is not None
    assert told.startswith("you made 5 clips longer, mostly by about 8 s")


def test_what_was_passed_over_counts_as_left(show: Path) -> None:
    for out in outs(show):
        plan = store.load(out)
        clip = plan.clips[5]
        store.save(plan.with_clip(clip.changed(picked=True, proposed_picked=None)), out)
    read = past([show])
    assert [sum(c.picked == picked for c in read.choices) for picked in (True, False)] == [5, 25]


def test_what_make_marked_by_itself_is_nobodys_choice(clipper: Clipper, show: Path) -> None:
    for out in outs(show):
        plan = store.load(out)
        for clip in plan.clips[:5]:
            plan = plan.with_clip(clip.changed(picked=True, proposed_picked=True))
        store.save(plan, out)
    done = clipper("learn", show)
    assert done.code == 3
    assert "0 choices" in done.two_lines()[0]


def test_a_search_made_again_keeps_what_was_measured_of_decided_clips(show: Path) -> None:
    pick_stories(show)
    before = past([show])
    out = outs(show)[0]
    page = out.parent / "page.md"
    search(page, out, count=3, longest=40.0)
    after = past([show])
    assert len(after.choices) == len(before.choices) == 40
    assert after.notes == []


def test_without_a_show_there_is_nowhere_to_keep_it(clipper: Clipper, show: Path) -> None:
    pick_stories(show)
    (show / "clipper.toml").unlink()
    done = clipper("learn", show)
    assert done.code == 3
    assert "clipper.toml" in done.two_lines()[0]
    assert "--show" in done.two_lines()[1]
    assert clipper("learn", show, "--show", show).code == 0
    assert (show / "clipper.learnt.toml").is_file()


def test_plans_of_two_shows_are_not_mixed(clipper: Clipper, show: Path) -> None:
    pick_stories(show)
    (show / "episode 0" / "clipper.toml").touch()
    done = clipper("learn", show)
    assert done.code == 3
    assert "more than one show" in done.two_lines()[0]


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_plans_is_two_lines(clipper: Clipper, tmp_path: Path, folder: str) -> None:
    done = clipper("learn", tmp_path / folder)
    assert done.code == 3
    done.two_lines()
