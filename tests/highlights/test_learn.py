"""What is learnt from a producer's choices among candidates that clipper really found."""

from __future__ import annotations

import pytest

from clipper.errors import InputError
from clipper.highlights.learn import Choice
from clipper.highlights.weights import shipped

from .producers import EPISODES, MOOD, SEEN, choices, found, in_order, taught


@pytest.mark.parametrize("signal", ["story", "laughter"])
def test_forty_choices_by_one_taste_rank_episodes_that_were_not_seen_better(signal: str) -> None:
    learnt = taught(choices(signal, range(SEEN), noise=0.3))
    assert learnt.choices == 40
    assert signal in {lesson.signal for lesson in learnt.lessons}, learnt.lessons
    assert learnt.lessons[0].sure >= 0.95
    new = choices(signal, range(SEEN, EPISODES), noise=0.3, seed=2)
    before = in_order(new, shipped().signals)
    after = in_order(new, {**shipped().signals, **learnt.weights})
    assert after > before + 0.1, (before, after)
    assert after > 0.65, (before, after)


def test_what_was_learnt_is_said_in_words_with_how_sure_it_is() -> None:
    for_it = taught(choices("story", range(SEEN), noise=0.1))
    words = next(lesson.words for lesson in for_it.lessons if lesson.signal == "story")
    assert words.startswith("your show prefers stories (")
    assert words.endswith(" in 100 sure)")
    against = taught(choices("story", range(SEEN), noise=0.1, sign=-1))
    assert any(lesson.words.startswith("your show avoids stories") for lesson in against.lessons)


def test_the_held_out_share_is_that_of_episodes_left_out() -> None:
    learnt = taught(choices("story", range(SEEN), noise=0.3))
    before, after = learnt.held_out
    assert 0.0 < before < after <= 1.0
    assert before == pytest.approx(
        # by the shipped weights an episode left out is ranked as any other; pairs count 2 / (picked + left) each
        in_order(choices("story", range(SEEN), noise=0.3), shipped().signals),
        abs=0.05,
    )


def test_a_producer_who_picks_at_random_teaches_nothing() -> None:
    """By construction about one in twenty is mistaken for a taste."""
    mistaken = 0
    for seed in range(20):
        learnt = taught(choices("story", range(SEEN), noise=MOOD, seed=seed))
        mistaken += bool(learnt.lessons)
        if not learnt.lessons:
            assert learnt.weights == {}
    assert mistaken <= 3


def test_more_choices_make_a_weak_taste_sure() -> None:
    few = taught(choices("story", range(3), noise=1.0))
    many = taught(choices("story", range(EPISODES), noise=1.0))
    assert "story" in {lesson.signal for lesson in many.lessons}
    sure = {lesson.signal: lesson.sure for lesson in few.lessons}
    assert sure.get("story", 0.0) < next(x.sure for x in many.lessons if x.signal == "story")


def test_weights_stay_near_the_shipped_ones() -> None:
    learnt = taught(choices("story", range(EPISODES), noise=0.0))
    for lesson in learnt.lessons:
        assert lesson.before == shipped().signals.get(lesson.signal, 0.0)
        assert abs(lesson.after - lesson.before) < 2.0
    # a taste without any exception would send an unbounded weight to infinity
    assert max(abs(x.after) for x in learnt.lessons) > 0.2


def test_nineteen_choices_are_refused_with_their_number() -> None:
    given = [c for k in range(4) for c in choices("story", range(k, k + 1), noise=0.1, per=5)]
    assert taught(given).choices == 20
    with pytest.raises(InputError) as error:
        taught(given[1:])
    assert error.value.message == "19 choices are too few to learn from, 20 are needed"
    assert "pick" in error.value.mend


def test_an_episode_where_everything_was_picked_cannot_be_compared() -> None:
    given = choices("story", range(2), noise=0.1)
    given += [Choice("all", True, row) for row in found(3)]
    with pytest.raises(InputError) as error:
        taught(given)
    assert error.value.message.startswith("16 choices that can be compared: in the episodes of 8 others everything")


def test_the_order_of_the_plans_does_not_matter() -> None:
    given = choices("story", range(SEEN), noise=0.3)
    other = sorted(given, key=lambda c: c.episode, reverse=True)
    one, two = taught(given), taught(other)
    assert {x.signal for x in one.lessons} == {x.signal for x in two.lessons}
    for a, b in zip(one.lessons, two.lessons, strict=True):
        assert a.after == pytest.approx(b.after, abs=2e-3)


def test_a_signal_that_this_clipper_does_not_have_is_not_learnt() -> None:
    given = [
        Choice(c.episode, c.picked, {**c.standard, "sparkle": 3.0 if c.picked else -3.0})
        for c in choices("story", range(SEEN), noise=0.3)
    ]
    assert "sparkle" not in taught(given).weights
