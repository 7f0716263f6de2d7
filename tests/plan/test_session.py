"""Going through the clips: what each key does, and that undo brings back anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipper.plan.model import Plan
from clipper.plan.session import Session, apply, begin, reread
from tests.plan.talk import talk
from tests.plan.test_store import clip

SAID = talk()
PLAN = Plan(clips=(clip(1, 2, 5), clip(2, 5, 8), clip(3, 8, 10)))


def keys(session: Session, *pressed: str, title: str = "") -> Session:
    for key in pressed:
        session = apply(session, key, SAID, title)
    return session


def test_it_opens_on_the_first_clip_that_is_not_decided() -> None:
    assert begin(PLAN).at == 0
    decided = PLAN.with_clip(PLAN.clips[0].changed(picked=False))
    assert begin(decided).at == 1
    assert begin(Plan()).clip is None


def test_take_and_leave_go_on_to_the_next_and_end_behind_the_last() -> None:
    session = keys(begin(PLAN), "t", "l", "t")
    assert [c.picked for c in session.plan.clips] == [True, False, True]
    assert session.clip is None
    assert not session.done
    assert keys(session, "t").note
    assert keys(session, "q").done


def test_to_take_what_clipper_marked_is_a_decision() -> None:
    marked = PLAN.with_clip(PLAN.clips[0].changed(picked=True, proposed_picked=True))
    assert not marked.clips[0].touched
    session = apply(Session(marked), "t", SAID)
    assert session.plan.clips[0].touched


@pytest.mark.parametrize(
    ("key", "opens", "ends"),
    [
        ("<", "Today the baker", "touch it!"),
        (">", "Nobody in", "touch it!"),
        ("-", "I was eleven", "slept."),
        ("+", "I was eleven", "years."),
    ],
)
def test_edges_move_by_a_sentence_and_the_text_with_them(key: str, opens: str, ends: str) -> None:
    session = keys(begin(PLAN), key)
    moved = session.plan.clips[0]
    assert moved.text.startswith(opens)
    assert moved.text.endswith(ends)
    assert session.at == 0
    back = keys(session, {"<": ">", ">": "<", "-": "+", "+": "-"}[key])
    assert back.plan.clips[0].text == PLAN.clips[0].text


def test_a_clip_grows_to_the_whole_episode_and_shrinks_to_one_sentence() -> None:
    whole = keys(begin(PLAN), *"<" * 9, *"+" * 9)
    assert whole.plan.clips[0].text.count("\n") == 9
    assert whole.note == "there is no sentence further on"
    one = keys(begin(PLAN), *">" * 9)
    assert one.plan.clips[0].text == SAID.sentences[4].text
    assert one.note == "nothing would be left of it"


def test_without_a_transcript_edges_stay_and_it_says_why() -> None:
    session = apply(begin(PLAN), "<", None)
    assert session.plan == PLAN
    assert "no transcript" in session.note


def test_retitle_keeps_the_old_title_when_nothing_is_typed() -> None:
    assert keys(begin(PLAN), "r", title="  A  new\ttitle ").plan.clips[0].title == "A new title"
    kept = keys(begin(PLAN), "r", title="   ")
    assert kept.plan == PLAN
    assert kept.note


def test_undo_goes_back_to_the_clip_and_stops_at_the_beginning() -> None:
    session = keys(begin(PLAN), "t", "+", "l", "u")
    assert session.at == 1
    assert session.plan.clips[1].picked is None
    assert session.plan.clips[1].text != PLAN.clips[1].text
    session = keys(session, "u", "u")
    assert session.plan == PLAN
    assert session.at == 0
    assert keys(session, "u").note == "nothing to undo"


@given(st.lists(st.sampled_from(list("tl<>-+rbnxp")), max_size=60))
def test_undo_without_limit_brings_back_the_plan(pressed: list[str]) -> None:
    session = keys(begin(PLAN), *pressed, title="Another")
    while session.history:
        session = keys(session, "u")
    assert session.plan == PLAN


def test_back_and_next_stay_within_the_plan() -> None:
    assert keys(begin(PLAN), "b").at == 0
    assert keys(begin(PLAN), "n", "n", "n", "n").clip is None
    assert keys(begin(PLAN), "n", "n", "n", "b").at == 2
    assert keys(begin(PLAN), "z").note == "there is no key 'z' here"


def test_what_somebody_changed_in_the_file_meanwhile_is_kept_by_undo() -> None:
    session = keys(begin(PLAN), "t", "t")
    other = session.plan.with_clip(session.plan.clips[2].changed(title="From the editor"))
    other = other.model_copy(update={"clips": (other.clips[2], other.clips[1])})
    session = keys(reread(session, other), "u")
    assert [c.title for c in session.plan.clips] == ["From the editor", PLAN.clips[1].title]
    assert session.plan.clips[1].picked is None
    assert session.at == 1


def test_a_clip_is_tightened_by_a_key_and_a_filler_is_kept_by_its_number() -> None:
    from clipper.plan.session import Tight, cuts
    from tests.plan.test_pieces import HESITANT, RULES, WHOLE

    tight = Tight(RULES)
    session = begin(Plan(clips=(WHOLE,)))
    assert cuts(session.plan, WHOLE, HESITANT, tight) == []
    session = apply(session, "x", HESITANT, tight=tight)
    assert session.clip is not None
    assert session.clip.tighten is True
    rows = cuts(session.plan, session.clip, HESITANT, tight)
    assert [(one.kind, kept) for one, kept in rows] == [("filler", False), ("pause", False), ("filler", False)]
    for key in "123":
        kept = apply(session, key, HESITANT, tight=tight)
        assert kept.clip is not None
        assert [k for _, k in cuts(kept.plan, kept.clip, HESITANT, tight)] == [str(n) == key for n in (1, 2, 3)]
        again = apply(kept, key, HESITANT, tight=tight)
        assert again.plan == session.plan
        assert apply(kept, "u").plan == session.plan
    assert "no cut 9" in apply(session, "9", HESITANT, tight=tight).note
    assert apply(session, "x", HESITANT, tight=tight).clip.tighten is False  # type: ignore[union-attr]
