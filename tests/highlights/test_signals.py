"""One suite that every signal must pass, and what some of them are for."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from clipper.episode.model import Chapter, Episode, Soundbite
from clipper.errors import InputError
from clipper.highlights.find import find, setting_of
from clipper.highlights.model import Settings
from clipper.highlights.select import runs
from clipper.highlights.signals import SIGNALS
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import SoundFacts
from clipper.highlights.weights import SHIPPED, read

from .talks import TALK, said, stories

EPISODE = Episode(
    title="One good bell for the town",
    description="A smith made it from coins.",
    topics=("How a bell is tuned", "The smith in the valley"),
    chapters=(Chapter(start=40.0, title="The square"),),
    soundbites=(Soundbite(start=10.0, duration=20.0, title="The kitchen"),),
)


@pytest.fixture(scope="module")
def setting() -> Setting:
    return setting_of(said(TALK * 3 + stories(40)), EPISODE)


@pytest.fixture(scope="module")
def found(setting: Setting) -> Runs:
    return runs(setting, Settings())


@pytest.mark.parametrize("name", sorted(SIGNALS))
class TestEverySignal:
    def test_gives_one_finite_number_a_run(self, name: str, setting: Setting, found: Runs) -> None:
        values = SIGNALS[name].measure(setting, found)
        assert values.shape == (len(found),)
        assert np.isfinite(values).all()

    def test_names_its_unit_and_speaks_a_sentence(self, name: str, setting: Setting, found: Runs) -> None:
        signal = SIGNALS[name]
        first, last = int(found.first[0]), int(found.last[0])
        evidence = signal.evidence(setting, first, last)
        text = signal.say(float(signal.measure(setting, found)[0]), evidence)
        assert signal.name == name
        assert signal.unit
        assert text[0].isupper()
        assert text.rstrip("”").endswith((".", "!", "?"))

    def test_does_not_mind_no_runs_at_all(self, name: str, setting: Setting) -> None:
        none = Runs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
        assert SIGNALS[name].measure(setting, none).shape == (0,)

    def test_is_named_in_the_weights_file_or_counts_nothing(self, name: str, setting: Setting) -> None:
        row = tomllib.loads(SHIPPED.read_text())["signals"].get(name)
        assert row is None or {"weight", "unit", "fitted"} <= set(row)
        assert row is None or row["unit"] == SIGNALS[name].unit


def test_louder_passages_are_told_with_their_second_when_the_sound_is_known() -> None:
    talk = said(TALK * 4)
    level = np.full(int(talk.duration * 10), -30.0, dtype=np.float32)
    level[400:700] = -18.0
    setting = setting_of(talk, Episode(), SoundFacts(rate=10.0, energy=level))
    found = runs(setting, Settings())
    values = SIGNALS["energy"].measure(setting, found)
    best = int(np.argmax(values))
    assert 30 < setting.talk.starts[found.first[best]] < 70
    assert "dB louder" in SIGNALS["energy"].say(float(values[best]), "0:45.0")


def test_a_marked_soundbite_lifts_what_lies_in_it() -> None:
    talk = said(stories(200))
    plain = find(talk, Episode())
    marked = find(talk, Episode(soundbites=(Soundbite(start=300.0, duration=30.0),)))
    assert not any(r.signal == "soundbite" for c in plain.candidates for r in c.reasons)
    assert any(r.signal == "soundbite" for c in marked.candidates for r in c.reasons)


def test_page_times_that_a_late_advertisement_shifted_are_moved_and_told() -> None:
    parts = [
        "samovar " * 8 + "boils. " + stories(25, 1),
        "violin " * 8 + "sings. " + stories(25, 2),
        "harbour " * 8 + "sleeps. " + stories(25, 3),
    ]
    filler = stories(25, 4)
    talk = said(" ".join([filler, *parts]))
    at = [next(w.start for w in talk.words if w.text == name) for name in ("samovar", "violin", "harbour")]
    page = Episode(
        chapters=tuple(
            Chapter(start=t - 60.0, title=f"The {n}") for t, n in zip(at, ("samovar", "violin", "harbour"), strict=True)
        )
    )
    findings = find(talk, page)
    assert any("1:0" in note and "too early" in note for note in findings.notes), findings.notes


def test_reasons_quote_words_that_are_really_said() -> None:
    findings = find(said(TALK * 3 + stories(60)), EPISODE)
    for candidate in findings.candidates:
        assert candidate.reasons
        for reason in candidate.reasons:
            if reason.signal == "title_words":
                assert all(word.strip("“” ").lower() in candidate.text.lower() for word in reason.evidence.split(","))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[signals]\nsparkle = { weight = 1.0 }\n", "signals.sparkle"),
        ('[signals]\ntopic = { weight = "much" }\n', "signals.topic.weight"),
        ("[signals]\ntopic = { weight = nan }\n", "signals.topic.weight"),
        ("[other]\n", "[signals]"),
        ("[signals\n", "cannot be read"),
        ("[signals]\ntopic = 1.0\n[topics]\nleast_talked = 3\n", "topics."),
    ],
)
def test_a_bad_weights_file_is_told_by_file_and_key(tmp_path, text: str, named: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "weights.toml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read(path)
    assert str(path) in error.value.message
    assert named in error.value.message
    assert error.value.mend


def test_other_weights_change_the_order(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "weights.toml"
    path.write_text("[signals]\nlate = 1.0\n")
    late = find(said(stories(200)), Episode(), Settings(count=1), weights=read(path))
    path.write_text("[signals]\nlate = -1.0\n")
    early = find(said(stories(200)), Episode(), Settings(count=1), weights=read(path))
    assert late.candidates[0].span.start > early.candidates[0].span.start + 300
