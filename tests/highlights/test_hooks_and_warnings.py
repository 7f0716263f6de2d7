"""The line for the picture, and what a producer is told to listen for before posting."""

from __future__ import annotations

import numpy as np
import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find, setting_of
from clipper.highlights.hooks import as_question, hook
from clipper.highlights.language import language
from clipper.highlights.model import Candidate, Settings
from clipper.highlights.phrases import phrases
from clipper.highlights.talk import SoundFacts
from clipper.highlights.warnings import warnings
from clipper.speech.model import Transcript, Word

from .talks import TALK, said, stories
from .test_endings import STORY, spoken


@pytest.mark.parametrize(
    ("code", "bullet", "question"),
    [
        ("en", "How to tune a bell: the long way", "How do you tune a bell?"),
        ("en", "Why it is hard to be quiet", "Why is it hard to be quiet?"),
        ("en", "What we should write down before we start", "What should we write down before we start?"),
        ("en", "What makes a bell sad, and other riddles", "What makes a bell sad?"),
        ("en", "Who pays for the roof? A long story", "Who pays for the roof?"),
        ("en", "How she went up a church tower", ""),
        ("en", "Why whales sing", ""),
        ("en", "The town hall clock", ""),
        ("en", "What she thinks of wind chimes", ""),
        ("en", "How to " + "very " * 20 + "slowly walk", ""),
        ("es", "Cómo se afina una campana", "¿Cómo se afina una campana?"),
        ("es", "La campana rota", ""),
        ("de", "Warum wir schlafen", ""),
        ("de", "Wer bezahlt das Dach? Ein Streit", "Wer bezahlt das Dach?"),
        ("xx", "How to tune a bell", ""),
    ],
)
def test_a_bullet_is_asked_only_where_the_grammar_is_certain(code: str, bullet: str, question: str) -> None:
    assert as_question(bullet, language(code)) == question


def test_a_question_near_a_clips_beginning_is_its_hook_but_not_its_first_words() -> None:
    before = setting_of(spoken([("H", "Now to your house."), *STORY]), Episode())
    assert hook(before, 0, 9, None, "A drum in the attic") == "What is the oddest thing in your attic?"
    opening = setting_of(spoken(STORY), Episode())  # there the captions say it in the same picture
    assert hook(opening, 0, 8, None, "A drum in the attic") != "What is the oddest thing in your attic?"


def test_a_hook_is_said_as_it_stands_and_is_not_the_title() -> None:
    talk = said(TALK * 3 + stories(80))
    told = " ".join(w.text for w in talk.words).lower()
    findings = find(talk, Episode(title="Bells"))
    assert any(c.hook for c in findings.candidates)
    for one in findings.candidates:
        assert one.hook != one.title
        assert len(one.hook) <= 60
        assert not one.hook or one.hook.lower().rstrip("?") in told


def test_hesitation_and_doubled_words_are_left_out_of_a_phrase() -> None:
    text = "So, um, nobody ever ever, you know, sold so many bells in a winter."
    setting = setting_of(said(f"{TALK} {text} {TALK}"), Episode())
    place = next(i for i, s in enumerate(setting.talk.sentences) if "nobody" in s.text)
    found = [p.text for p in phrases(setting, place, place + 1)]
    assert found == ["Nobody ever sold so many bells in a winter"]


@pytest.mark.parametrize(
    "fragment",
    [
        "A whole new building.", "For that piece and we are using.", "Could be done much faster.",
        "Welcome to the show, my friends.", "He never once complained about it.", "None of which works in the winter.",
    ],
)  # fmt: skip
def test_a_fragment_is_never_a_phrase(fragment: str) -> None:
    setting = setting_of(said(f"{TALK} {fragment} {TALK}"), Episode())
    place = next(i for i, s in enumerate(setting.talk.sentences) if s.text == fragment)
    assert not phrases(setting, place, place + 1)


def only_one(
    transcript: Transcript, episode: Episode | None = None, sound: SoundFacts | None = None
) -> tuple[str, ...]:
    """The warnings of a clip over all that is said."""
    setting = setting_of(transcript, episode or Episode(), sound)
    return warnings(setting, 0, len(setting.talk.sentences))


def changed(index: int, **fields: object) -> Transcript:
    base = spoken([("A", "The bell in the tower of Brakel rang twice. Nobody in the town slept that night.")])
    words = [w.model_copy(update={"confidence": 0.95}) for w in base.words]
    words[index] = words[index].model_copy(update=fields)
    return base.model_copy(update={"words": tuple(words)})


def test_a_clip_without_fault_has_no_warning() -> None:
    assert only_one(changed(0)) == ()


def test_a_doubtful_word_is_told_with_its_second() -> None:
    (warning,) = only_one(changed(4, confidence=0.2))
    assert "“tower”" in warning
    assert "0:01" in warning or "0:02" in warning


def test_a_name_that_nobody_is_sure_of_is_told_unless_the_page_has_it() -> None:
    transcript = changed(6, confidence=0.5)
    (warning,) = only_one(transcript)
    assert "spelled" in warning
    assert "“Brakel”" in warning
    assert only_one(transcript, Episode(title="The bell of Brakel")) == ()


def test_many_doubtful_words_are_told_as_a_share() -> None:
    base = changed(0)
    words = tuple(w.model_copy(update={"confidence": 0.1}) for w in base.words)
    assert any("%" in w for w in only_one(base.model_copy(update={"words": words})))


def test_a_long_silence_inside_is_told() -> None:
    base = changed(0)
    late = [w.model_copy(update={"start": w.start + 4, "end": w.end + 4}) for w in base.words[9:]]
    words = (*base.words[:9], *late)
    (warning,) = only_one(base.model_copy(update={"words": words, "duration": base.duration + 4}))
    assert warning.startswith("4.0 s without a word")


def test_two_voices_at_once_are_told() -> None:
    assert any("two speak at once" in w for w in only_one(changed(9, speaker="B", start=3.3, end=3.6)))


def test_a_question_that_is_left_open_is_told() -> None:
    lines = [("A", TALK.strip()), ("A", "Who would ever buy such a bell?"), ("B", "I would not.")]
    assert any("is it answered?" in w for w in only_one(spoken(lines)))


def test_music_under_the_words_is_told() -> None:
    base = changed(0)
    frames = int(base.duration * 10) + 1
    quiet = np.zeros(frames, dtype=np.float32)
    sound = SoundFacts(rate=10.0, energy=quiet, music=quiet + 1.0)
    assert any("music under it from 0:0" in w for w in only_one(base, sound=sound))
    assert only_one(base, sound=SoundFacts(rate=10.0, energy=quiet, music=quiet)) == ()


def test_candidates_carry_their_warnings() -> None:
    talk = said(stories(120))
    words = tuple(w.model_copy(update={"confidence": 0.05}) for w in talk.words)
    findings = find(talk.model_copy(update={"words": words}), Episode(), Settings(count=3))
    assert findings.candidates
    assert all(isinstance(c, Candidate) and any("recogniser" in w for w in c.warnings) for c in findings.candidates)


def test_words_that_a_person_wrote_are_not_doubted() -> None:
    base = changed(0)
    words = tuple(Word(text=w.text, start=w.start, end=w.end, speaker="A") for w in base.words)
    assert only_one(base.model_copy(update={"words": words})) == ()
