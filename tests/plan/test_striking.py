"""Striking, bleeping and keeping words, splitting, merging and trailers: each undone by its opposite, each saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.errors import InputError, UsageError
from clipper.plan import resized, store
from clipper.plan.edits import closing_cut, opening_cut
from clipper.plan.model import Clip, Plan
from clipper.plan.pieces import pieces
from clipper.plan.removals import removals
from clipper.plan.striking import mark, marked, merge, split, strike, trailer, unmark, unstrike
from clipper.span import Span
from tests.plan.talk import talk

SAID = talk()


def clip(name: str, first: int, last: int, **fields: object) -> Clip:
    start = opening_cut(SAID.words, SAID.sentences[first].first)
    end = closing_cut(SAID.words, SAID.sentences[last - 1].last - 1)
    span = Span(start=round(start, 2), end=round(end, 2))
    values = {"id": name, "title": name, "span": span, "proposed": span, "text": SAID.text(span), **fields}
    return Clip.model_validate(values)


PLAN = Plan(clips=(clip("c1", 2, 5), clip("c2", 7, 9)), last_id=2)
FIRST = SAID.sentences[3].first  # "Nobody in the village slept."


def again(plan: Plan, folder: Path) -> Plan:
    """As it is read after it was written."""
    store.save(plan, folder)
    return store.load(folder, SAID)


def test_struck_words_are_left_out_and_come_back_one_by_one(tmp_path: Path) -> None:
    struck = strike(PLAN, "c1", SAID, FIRST, FIRST + 5)
    assert struck.clips[0].drop[0].text == "Nobody in the village slept."
    assert "Nobody" not in struck.clips[0].text
    assert again(struck, tmp_path) == struck
    assert '- "Nobody' in (tmp_path / "clips.yaml").read_text() or "- Nobody" in (tmp_path / "clips.yaml").read_text()
    part = unstrike(struck, "c1", SAID, FIRST + 2, FIRST + 3)
    assert marked(part.clips[0], "drop", SAID) == {FIRST, FIRST + 1, FIRST + 3, FIRST + 4}
    assert again(part, tmp_path) == part
    assert unstrike(part, "c1", SAID, FIRST, FIRST + 5) == PLAN


def test_a_word_that_is_said_twice_is_struck_only_where_it_was_meant() -> None:
    bells = [i for i, w in enumerate(SAID.words) if w.text == "bell" and i < SAID.sentences[5].first]
    struck = strike(PLAN, "c1", SAID, bells[0], bells[0] + 1)
    assert struck.clips[0].drop[0].text.startswith("bell @ ")
    assert marked(struck.clips[0], "drop", SAID) == {bells[0]}


def test_neighbours_struck_one_after_the_other_are_one_cut() -> None:
    struck = PLAN
    for i in range(FIRST, FIRST + 5):
        struck = strike(struck, "c1", SAID, i, i + 1)
    found = removals(struck.clips[0], SAID)
    assert len(found) == 1
    assert len(pieces(struck.clips[0], found).spans) == 2


def test_the_whole_clip_cannot_be_struck() -> None:
    with pytest.raises(UsageError, match="nothing would be left"):
        strike(PLAN, "c1", SAID, 0, len(SAID.words))
    with pytest.raises(UsageError, match="not in clip"):
        strike(PLAN, "c1", SAID, 0, 1)
    with pytest.raises(UsageError, match="no clip c9"):
        strike(PLAN, "c9", SAID, 0, 1)


@pytest.mark.parametrize("how", ["bleep", "mute", "keep"])
def test_words_are_marked_and_unmarked(how: str, tmp_path: Path) -> None:
    made = mark(PLAN, "c1", how, SAID, FIRST, FIRST + 1)  # type: ignore[arg-type]
    assert marked(made.clips[0], how, SAID) == {FIRST}  # type: ignore[arg-type]
    assert made.clips[0].touched
    assert again(made, tmp_path) == made
    assert unmark(made, "c1", how, SAID, FIRST, FIRST + 1) == PLAN  # type: ignore[arg-type]


def test_a_clip_is_split_in_the_pause_before_a_word_and_merged_again() -> None:
    halves = split(PLAN, "c1", SAID, FIRST)
    one, two = halves.clips[:2]
    assert (one.id, two.id, halves.last_id) == ("c1", "c3", 3)
    assert one.text == "I was eleven the night the bell fell."
    assert two.text.startswith("Nobody in the village slept.")
    assert two.picked is None
    whole = merge(halves, "c1", "c3", SAID)
    assert [c.id for c in whole.clips] == ["c1", "c2"]
    assert whole.clips[0].span == PLAN.clips[0].span
    assert whole.clips[0].text == PLAN.clips[0].text
    with pytest.raises(UsageError, match="cannot be split"):
        split(PLAN, "c1", SAID, 0)


def test_corrections_and_stars_outlive_a_split_and_a_merge() -> None:
    rest = "Nobody in the *village* slept. My mother, she said: don’t touch it!"
    written = f"I was *twelve* the night the bell fell. {rest}"
    plan = PLAN.with_clip(PLAN.clips[0].changed(captions=written))
    halves = resized.split(plan, "c1", SAID, FIRST)
    assert [c.captions for c in halves.clips[:2]] == [
        "I was *twelve* the night the bell fell.",
        rest,
    ]
    assert resized.merge(halves, "c1", "c3", SAID).clips[0].captions == written
    apart = resized.merge(plan, "c2", "c1", SAID).clips[0]
    assert apart.captions == f"{written} {PLAN.clips[1].text.replace(chr(10), ' ')}"
    plain = resized.merge(resized.split(PLAN, "c1", SAID, FIRST), "c1", "c3", SAID)
    assert plain.clips[0].captions == ""
    fresh = halves.with_clip(next(c for c in halves.clips if c.id == "c3").changed(captions=""))
    assert "*twelve*" in resized.merge(fresh, "c1", "c3", SAID).clips[0].captions


def test_two_clips_apart_are_merged_without_what_lies_between(tmp_path: Path) -> None:
    merged = merge(PLAN, "c2", "c1", SAID)
    assert [c.id for c in merged.clips] == ["c2"]
    assert merged.clips[0].text == PLAN.clips[0].text + "\n" + PLAN.clips[1].text
    assert again(merged, tmp_path).clips[0].text == merged.clips[0].text


def test_a_trailer_is_made_of_clips_and_words_and_follows_them(tmp_path: Path) -> None:
    bites = ["c2", "0:01 to 0:02.25", "I was eleven ... village slept"]
    made = trailer(PLAN, "teaser", "What you will hear", bites, SAID)
    clip = made.clips[-1]
    assert clip.trailer
    assert len(pieces(clip).spans) == 3
    assert clip.text.split("\n")[-1] == "Nobody in the village slept."
    back = again(made, tmp_path)
    assert back == made
    text = (tmp_path / "clips.yaml").read_text()
    assert "start" not in text[text.index("id: teaser") :]
    changed = text.replace("end: 0:12", "end: 0:12")  # the same
    (tmp_path / "clips.yaml").write_text(changed.replace("      - c2\n", "      - c7\n"))
    with pytest.raises(InputError, match="c7"):
        store.load(tmp_path, SAID)


def test_what_is_written_by_hand_is_kept_as_it_was_written(tmp_path: Path) -> None:
    store.save(PLAN, tmp_path)
    path = tmp_path / "clips.yaml"
    text = path.read_text().replace(
        "    sentences:", "    drop: [nobody in the vilage slept]  # too long\n    tighten: yes\n    sentences:", 1
    )
    path.write_text("music: ../bed.mp3\nclean: [high-pass]\n" + text)
    plan = store.load(tmp_path, SAID)
    first = plan.clips[0]
    assert marked(first, "drop", SAID) == set(range(FIRST, FIRST + 5))
    assert (first.tighten, plan.music, plan.clean) == (True, "../bed.mp3", ("high-pass",))
    store.save(plan.with_clip(first.changed(title="New")), tmp_path)
    after = path.read_text()
    assert "drop: [nobody in the vilage slept]  # too long" in after
    assert "tighten: yes" in after
    assert "music: ../bed.mp3" in after


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("drop: [entirely different words]", "is not said in this episode"),
        ("bleep: 0:09 to 0:02", "ends before it starts"),
        ("tighten: maybe", "expected true, false or nothing"),
        ("soundbites: [c2]", "has no start"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(line: str, told: str, tmp_path: Path) -> None:
    store.save(PLAN, tmp_path)
    path = tmp_path / "clips.yaml"
    path.write_text(path.read_text().replace("    sentences:", f"    {line}\n    sentences:", 1))
    with pytest.raises(InputError, match=told) as caught:
        store.load(tmp_path, SAID)
    assert "clip c1" in caught.value.message
    assert caught.value.mend


def test_a_phrase_that_the_clip_no_longer_holds_stays_in_the_plan_without_effect(tmp_path: Path) -> None:
    struck = strike(PLAN, "c1", SAID, FIRST, FIRST + 5)
    store.save(struck, tmp_path)
    path = tmp_path / "clips.yaml"
    text = path.read_text()
    start = next(line for line in text.split("\n") if line.strip().startswith("start:"))
    path.write_text(text.replace(start, '    start: "My mother"', 1))
    plan = store.load(tmp_path, SAID)
    assert plan.clips[0].drop[0].spans == ()
    assert plan.clips[0].text.startswith("My mother")


def test_a_strike_that_is_taken_back_leaves_the_file_as_it_was_and_no_comment_is_lost(tmp_path: Path) -> None:
    store.save(PLAN, tmp_path)
    path = tmp_path / "clips.yaml"
    before = path.read_text()
    for how in ("drop", "bleep", "keep"):
        struck = again(mark(PLAN, "c1", how, SAID, FIRST, FIRST + 2), tmp_path)
        assert f"    {how}:\n" in path.read_text()
        again(unmark(struck, "c1", how, SAID, FIRST, FIRST + 2), tmp_path)
        assert path.read_text() == before
    struck = again(mark(PLAN, "c1", "drop", SAID, FIRST, FIRST + 1), tmp_path)
    path.write_text(path.read_text().replace("    sentences:", "    # hers\n    # and mine\n    sentences:", 1))
    store.save(unmark(struck, "c1", "drop", SAID, FIRST, FIRST + 1), tmp_path)
    assert path.read_text() == before.replace("    sentences:", "    # hers\n    # and mine\n    sentences:", 1)
    struck = again(mark(PLAN, "c1", "drop", SAID, FIRST, FIRST + 1), tmp_path)
    path.write_text(path.read_text().replace("    drop:\n", "    drop:  # too long\n", 1))
    store.save(unmark(struck, "c1", "drop", SAID, FIRST, FIRST + 1), tmp_path)
    assert "drop: [] # too long\n" in path.read_text()
