"""What a producer may write for an edge, and where the cut then lies."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipper.errors import InputError
from clipper.highlights.model import Sentence
from clipper.plan.edits import AIR, Said, closing_cut, opening_cut, resolve, step
from clipper.span import Span
from clipper.speech.model import Word
from tests.plan.talk import talk

SAID = talk()
S = SAID.sentences
# As clipper would propose sentences 2 to 4: in the pauses.
PROPOSED = Span(start=opening_cut(SAID.words, S[2].first), end=closing_cut(SAID.words, S[4].last - 1))


def opens_with(seconds: float) -> str:
    return SAID.words[SAID.word_at(seconds)].text


def closes_with(seconds: float) -> str:
    return SAID.words[SAID.word_at(seconds) - 1].text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4", 4.0), ("4.2", 4.2), ("0:04.20", 4.2), ("0:00:04.2", 4.2), ("4,2", 4.2), (" 4.25 ", 4.25), ("0", 0.0)],
)
def test_a_time_is_taken_as_it_is(text: str, seconds: float) -> None:
    assert resolve(text, "start", PROPOSED, SAID) == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(("text", "seconds"), [("-1.5 s", -1.5), ("+2s", 2.0), ("- 0,5 seconds", -0.5), ("−1 s", -1.0)])
def test_seconds_count_from_the_proposal(text: str, seconds: float) -> None:
    assert resolve(text, "end", PROPOSED, SAID) == pytest.approx(PROPOSED.end + seconds)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("-1 sentence", "Today"),
        ("-2 sentences", "Welcome"),
        ("+1 sentence", "Nobody"),
        ("– one sentence", "Today"),
        ("-1 word", "here."),
        ("+2 words", "eleven"),
    ],
)
def test_a_start_moves_by_whole_sentences_or_words(text: str, word: str) -> None:
    assert opens_with(resolve(text, "start", PROPOSED, SAID)) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [("+1 sentence", "years."), ("+2 sentences", "bell?"), ("-1 sentence", "slept."), ("-1 word", "touch")],
)
def test_an_end_moves_by_whole_sentences_or_words(text: str, word: str) -> None:
    assert closes_with(resolve(text, "end", PROPOSED, SAID)) == word


def test_an_edge_inside_a_sentence_goes_to_that_sentences_border_first() -> None:
    middle = (S[3].start + S[3].end) / 2
    assert opens_with(step(middle, "start", -1, SAID)) == "Nobody"
    assert opens_with(step(middle, "start", 1, SAID)) == "My"
    assert closes_with(step(middle, "end", 1, SAID)) == "slept."
    assert closes_with(step(middle, "end", -1, SAID)) == "fell."


def test_a_clip_may_grow_to_the_whole_episode_and_not_beyond() -> None:
    assert opens_with(resolve("-2 sentences", "start", PROPOSED, SAID)) == "Welcome"
    assert closes_with(resolve("+5 sentences", "end", PROPOSED, SAID)) == "here."
    with pytest.raises(InputError, match="3 sentences before this start are more than there are \\(only 2\\)"):
        resolve("-3 sentences", "start", PROPOSED, SAID)
    with pytest.raises(InputError, match="only 5"):
        resolve("+6 sentences", "end", PROPOSED, SAID)


@pytest.mark.parametrize("text", ["0:16:40", "1000", "9" * 400, "+100000 s", "-100 s"])
def test_times_outside_the_audio_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        resolve(text, "end", PROPOSED, SAID)


@pytest.mark.parametrize(
    ("quote", "word"),
    [
        ("my mother she said", "My"),
        ("MY MOTHER — she said, DON'T", "My"),
        ("was it the same bell", "Was"),
        ("Nobody in the village", "Nobody"),
        ("nobody touched it for twenty one", "nobody"),
        ("nobody touched it for twentyone", "nobody"),
    ],
)
def test_quoted_words_are_found_whatever_case_and_punctuation(quote: str, word: str) -> None:
    assert opens_with(resolve(quote, "start", PROPOSED, SAID)) == word


def test_words_said_twice_mean_the_place_nearest_to_the_proposal() -> None:
    near = resolve("the night the bell fell", "start", PROPOSED, SAID)
    late = Span(start=S[7].start, end=S[9].end)
    far = resolve("the night the bell fell", "start", late, SAID)
    assert SAID.word_at(near) == S[2].first + 3
    assert SAID.word_at(far) == S[8].first


def test_the_last_words_give_the_end() -> None:
    seconds = resolve("for twenty-one years", "end", PROPOSED, SAID)
    assert closes_with(seconds) == "years."
    assert S[5].end <= seconds <= S[6].start


@pytest.mark.parametrize(
    ("quote", "word"),
    [
        ("today the baker Eva Byrne is here", "Today"),  # a name that the recogniser, or the producer, got wrong
        ("I was eleven the night the ball fell", "I"),
        ("nobody in the villages slept", "Nobody"),
        ("nobody in village slept", "Nobody"),
    ],
)
def test_a_misheard_word_is_forgiven(quote: str, word: str) -> None:
    assert opens_with(resolve(quote, "start", PROPOSED, SAID)) == word


def test_words_that_nobody_said_are_told_with_what_is_nearest() -> None:
    with pytest.raises(InputError) as caught:
        resolve("my mother never liked the village", "start", PROPOSED, SAID)
    assert "nearest is" in caught.value.message
    with pytest.raises(InputError, match=r"neither a time nor said in this episode$"):
        resolve("quantum chromodynamics", "start", PROPOSED, SAID)


@pytest.mark.parametrize("text", ["", "   ", "1:75", "1:2:3:4", "--3", "-5", "1..2", "!?", "…", "1.5.2", "-1,5"])
def test_what_is_neither_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(text, "start", PROPOSED, SAID)
    assert "0:41.20" in caught.value.mend


def test_half_a_sentence_is_refused() -> None:
    with pytest.raises(InputError, match="only whole sentences"):
        resolve("-1.5 sentences", "start", PROPOSED, SAID)


def test_a_clip_of_ones_own_takes_words_but_no_steps() -> None:
    assert opens_with(resolve("was it the same bell", "start", None, SAID)) == "Was"
    end = resolve("the night the bell fell", "end", None, SAID, after=S[7].start)
    assert SAID.word_at(end) == S[8].first + 5
    with pytest.raises(InputError, match="said 2 times"):
        resolve("the night the bell fell", "start", None, SAID)
    with pytest.raises(InputError, match="nothing to step from"):
        resolve("-1 sentence", "start", None, SAID)


def test_without_a_transcript_times_still_work_and_words_say_what_is_missing() -> None:
    assert resolve("0:41", "start", PROPOSED, None) == 41.0
    for text in ("-1 sentence", "the bell"):
        with pytest.raises(InputError, match="transcript"):
            resolve(text, "start", PROPOSED, None)


def test_unspaced_scripts_are_found_across_the_recognisers_pieces() -> None:
    pieces = ["昨日", "の夜", "、鐘が", "落ち", "ました。"]
    words = tuple(Word(text=p, start=i * 1.0, end=i + 0.8, space=False) for i, p in enumerate(pieces))
    said = Said(words, (Sentence(first=0, last=5, start=0, end=4.8, text="".join(pieces)),), 6.0)
    assert said.word_at(resolve("鐘が落ち", "start", None, said)) == 2
    assert said.word_at(resolve("が落ちました", "end", None, said)) == 5


def test_right_to_left_and_accents_are_found() -> None:
    words = tuple(Word(text=p, start=i * 1.0, end=i + 0.8) for i, p in enumerate(["שָׁלוֹם", "לכולם", "Siobhán", "fell."]))
    said = Said(words, (Sentence(first=0, last=4, start=0, end=3.8, text="x"),), 6.0)
    assert said.word_at(resolve("שלום לכולם", "start", None, said)) == 0
    assert said.word_at(resolve("siobhan fell", "start", None, said)) == 2


def test_a_three_hour_episode_is_searched_in_less_than_two_seconds() -> None:
    text = [w.text for w in SAID.words]
    words = tuple(Word(text=text[i % len(text)], start=i * 0.36, end=i * 0.36 + 0.3) for i in range(30_000))
    said = Said(words, (Sentence(first=0, last=len(words), start=0, end=words[-1].end, text="x"),), 10_800)
    begun = time.process_time()
    with pytest.raises(InputError):
        resolve("the mother of the zebra in the moonlight went away", "start", PROPOSED, said)
    assert time.process_time() - begun < 2


@st.composite
def _words(draw: st.DrawFn) -> tuple[Word, ...]:
    now, words = 0.0, []
    for _ in range(draw(st.integers(1, 12))):
        now += draw(st.sampled_from([0.0, 0.0, 0.02, 0.2, 0.5, 3.0, -0.05]))
        now = max(0.0, now)
        length = draw(st.sampled_from([0.02, 0.3, 1.0]))
        words.append(Word(text="w", start=round(now, 3), end=round(now + length, 3)))
        now += length
    return tuple(words)


@given(_words(), st.data())
def test_cuts_lie_in_the_pause(words: tuple[Word, ...], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(words) - 1))
    start, end = opening_cut(words, i), closing_cut(words, i, words[-1].end + 5)
    assert 0 <= start <= words[i].start
    assert words[i].start - start <= AIR + 0.001
    if i and words[i - 1].end <= words[i].start:
        assert start >= words[i - 1].end
    assert words[i].end <= end <= words[i].end + AIR + 0.001
    if i + 1 < len(words) and words[i + 1].start >= words[i].end:
        assert end <= words[i + 1].start


def test_the_text_of_a_cut_through_a_sentence_shows_that_something_is_missing() -> None:
    span = Span(start=S[2].start + 3 * 0.25, end=S[3].start + 2 * 0.25)
    assert SAID.text(span) == "… the night the bell fell.\nNobody in …"
    assert SAID.edge_notes(span) == ("starts inside a sentence", "ends inside a sentence")
    assert SAID.edge_notes(Span(start=S[2].start + 0.12, end=S[3].end)) == ("starts inside the word “I”",)
    assert SAID.edge_notes(PROPOSED) == ()
    assert SAID.around(PROPOSED) == (S[1].text, S[5].text)
    assert SAID.around(Span(start=0, end=SAID.duration)) == ("", "")
