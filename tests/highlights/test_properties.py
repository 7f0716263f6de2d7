"""What holds for every candidate, whatever the transcript:
whole sentences, within the audio and the band, never inside a word.
"""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clipper.episode.model import Episode
from clipper.errors import InputError
from clipper.highlights.boundaries import CLEAN_OPEN
from clipper.highlights.find import find
from clipper.highlights.model import Settings
from clipper.speech.model import Transcript, Word

SAID = st.sampled_from(
    [
        "the",
        "bell",
        "and",
        "we",
        "he",
        "that",
        "because",
        "tower",
        "Ann",
        "rang",
        "forty.",
        "never?",
        "once!",
        "note,",
        "metal",
        "Dr.",
        "3.5",
        "example.com",
        "so",
        "but",
        "town",
        "people",
        "I",
        "was",
        "heard",
        "will",
        "years",
        "you",
        "鐘",
        "glocke.",
        "[music]",
        "brought",
        "to",
        "by",
        "sponsor",
    ]
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    said = draw(st.lists(SAID, min_size=1, max_size=60))
    said = said * draw(st.integers(1, 12))
    words, clock = [], draw(st.floats(0, 3))
    pauses = draw(st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.4, 1.2, 7.0]), min_size=1, max_size=9))
    lengths = draw(st.lists(st.sampled_from([0.1, 0.3, 0.5, 1.5]), min_size=1, max_size=5))
    voices = draw(st.lists(st.sampled_from([None, "A", "B"]), min_size=1, max_size=7))
    for i, text in enumerate(said):
        length = lengths[i % len(lengths)]
        words.append(
            Word(text=text, start=clock, end=clock + length, speaker=voices[(i // 9) % len(voices)], cue=i // 7)
        )
        clock += length + pauses[i % len(pauses)]
    return Transcript(language=draw(st.sampled_from(["en", "de", "und", "ja"])), duration=clock, words=tuple(words))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(transcripts(), st.integers(0, 9), st.sampled_from([(5.0, 15.0), (20.0, 60.0), (1.0, 2.0), (10.0, 10.5)]))
def test_candidates_are_whole_sentences_in_the_band_and_cut_in_pauses(
    talk: Transcript, count: int, band: tuple[float, float]
) -> None:
    wish = Settings(count=count, shortest=band[0], longest=band[1])
    try:
        findings = find(talk, Episode(title="The bell of the town", topics=("The tower", "Forty years")), wish)
    except InputError:
        return
    assert len(findings.topics) == 2
    assert len(findings.candidates) <= count
    spoken = []
    for one in findings.candidates:
        inside = findings.sentences[one.first : one.last]
        assert one.text == " ".join(s.text for s in inside)
        length = inside[-1].end - inside[0].start
        assert band[0] - 1e-6 <= length <= band[1] + 1e-6
        assert 0 <= one.span.start <= inside[0].start
        assert inside[0].start - one.span.start <= 0.35 + 1e-9
        assert inside[-1].end <= one.span.end <= talk.duration + 1e-6
        assert one.opens.startswith(CLEAN_OPEN)
        assert 0 < len(one.title) <= 60
        for word in talk.words:
            assert not word.start + 1e-9 < one.span.start < word.end - 1e-9, "the cut lies inside a word"
            assert not word.start + 1e-9 < one.span.end < word.end - 1e-9, "the cut lies inside a word"
        spoken.append((inside[0].start, inside[-1].end))
    spoken.sort()
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spoken))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(transcripts())
def test_sentences_cover_every_word_once(talk: Transcript) -> None:
    try:
        findings = find(talk, Episode(), Settings(count=0, shortest=0.05))
    except InputError:
        return
    assert findings.sentences[0].first == 0
    assert findings.sentences[-1].last == len(talk.words)
    assert all(a.last == b.first for a, b in zip(findings.sentences, findings.sentences[1:], strict=False))
