"""Where a point has been made: the turn of a story, the end of an answer, a reaction, a new question."""

from __future__ import annotations

import numpy as np
import pytest

from clipper.episode.model import Episode
from clipper.highlights.boundaries import CLEAN_END, ending
from clipper.highlights.find import find, setting_of
from clipper.highlights.model import Settings
from clipper.highlights.signals.base import Runs
from clipper.speech.model import Transcript, Word

from .talks import TALK, said

STORY = [
    ("H", "What is the oddest thing in your attic?"),
    ("G", "The oddest thing in my attic was a drum that beat by itself every night."),
    ("G", "We heard it at two o'clock, three slow beats."),
    ("G", "My brother slept beside it with a lamp for a week."),
    ("G", "And he never saw anything at all."),
    ("H", "So what happened when he moved it?"),
    ("G", "So he moved it, and he found a nail under the floor."),
    ("G", "The neighbour's pump had been shaking our house for thirty years."),
    ("H", "Oh, that is the best thing I have heard all week."),
    ("H", "Do you believe in ghosts at all these days?"),
    ("G", "I believe in pumps and in people who get up at night."),
]


def spoken(lines: list[tuple[str, str]], pause: float = 0.3) -> Transcript:
    words: list[Word] = []
    clock = 0.5
    for who, text in lines:
        for w in text.split():
            words.append(Word(text=w, start=round(clock, 3), end=round(clock + 0.35, 3), speaker=who))
            clock += 0.35
        clock += pause
    return Transcript(language="en", duration=clock + 1, words=tuple(words))


def test_a_story_is_told_to_its_turn_and_not_beyond() -> None:
    findings = find(spoken(STORY), Episode(), Settings(count=1, shortest=12.0, longest=40.0))
    text = findings.candidates[0].text
    assert text.endswith("for thirty years.")
    assert "oddest" in text.split(".")[0]


def test_the_place_before_a_reaction_is_a_better_end_than_the_place_before_the_turn() -> None:
    made = setting_of(spoken(STORY), Episode()).made
    assert made[8] > made[5] + 0.3, "before the host's reaction, and before “So what happened”"
    assert made[8] > made[4] + 0.3


@pytest.mark.parametrize(
    ("remark", "following", "clean"),
    [
        ("And nobody noticed.", "One man noticed, and he wrote to us.", False),
        ("And nobody noticed.", "The drum went on every night.", True),
        ("That is odd.", "One man noticed, and he wrote to us.", True),
        ("But you told me in June that it had never been touched.", "I did, and then I found the screws.", False),
        ("You told me in June that it had never been touched.", "I did, and then I found the screws.", True),
    ],
)
def test_a_remark_that_is_answered_next_is_no_end(remark: str, following: str, clean: bool) -> None:
    lines = [STORY[1], STORY[2], ("H", remark), ("G", following), STORY[3]]
    assert (ending(setting_of(spoken(lines), Episode()).talk, 3) == CLEAN_END) is clean


@pytest.mark.parametrize(
    ("last", "following", "better"),
    [
        ("The bell cracked in May.", "And they all blamed the baker.", False),
        ("The bell cracked in May.", "A new bell costs as much as a house.", True),
        ("If you like rain, stay here.", "If you like sun, go south.", False),
        ("We loved the old bell.", "That bell had been cast in a kitchen.", False),
    ],
)
def test_what_follows_tells_whether_the_point_is_made(last: str, following: str, better: bool) -> None:
    setting = setting_of(spoken([("G", f"{TALK} {last} {following} {TALK}")]), Episode())
    place = next(i for i, s in enumerate(setting.talk.sentences) if s.text == last) + 1
    assert (setting.made[place] > 0.0) == better, setting.made[place]


def test_a_turn_that_was_broken_off_is_no_end() -> None:
    lines = [("A", TALK.strip()), ("A", "We wanted to tell you about the"), ("B", "Oh no, not the goat story.")]
    setting = setting_of(spoken(lines), Episode())
    place = next(i for i, s in enumerate(setting.talk.sentences) if s.text.endswith("about the")) + 1
    assert ending(setting.talk, place) != CLEAN_END


def test_an_answer_of_three_words_that_goes_on_is_no_end() -> None:
    lines = [("A", TALK.strip() + " Did it ever ring?"), ("B", "It rang once. The mayor cried in front of us all.")]
    setting = setting_of(spoken(lines), Episode())
    place = next(i for i, s in enumerate(setting.talk.sentences) if s.text == "It rang once.") + 1
    assert ending(setting.talk, place) == "ends before the question is answered"


def test_closure_has_a_value_for_every_place_whatever_the_talk() -> None:
    for transcript in (spoken(STORY), said("One."), said(TALK * 3), said("no stops here at all " * 50)):
        setting = setting_of(transcript, Episode())
        assert setting.made.shape == (len(setting.talk.sentences) + 1,)
        assert np.isfinite(setting.made).all()


def test_the_signals_of_shape_speak_of_the_words_they_mean() -> None:
    from clipper.highlights.signals import SIGNALS

    setting = setting_of(spoken(STORY), Episode())
    run = Runs(np.array([0]), np.array([8]))
    assert SIGNALS["ending"].measure(setting, run)[0] == setting.made[8]
    assert "thirty years" in SIGNALS["ending"].evidence(setting, 0, 8)
    assert SIGNALS["one_thought"].measure(setting, run)[0] <= 0.0
