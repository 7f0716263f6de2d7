"""What is never offered: sponsor reads, greetings, housekeeping, sign-off, lyrics, loops, the cold open itself."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find, setting_of
from clipper.highlights.model import Settings
from clipper.highlights.signals.base import Setting

from .talks import TALK, said

READ = (
    "This episode is brought to you by Otter Socks. Their wool comes from one valley. I have worn mine all winter. "
    "My cat likes them as well. Visit ottersocks.com to learn more."
)


def kind_of(setting: Setting, text: str) -> str:
    return next(k for s, k in zip(setting.talk.sentences, setting.kinds, strict=True) if text in s.text)


def test_a_sponsor_read_is_known_from_its_opening_to_its_address() -> None:
    setting = setting_of(said(f"{TALK} {READ} {TALK}"), Episode())
    for part in ("Otter Socks", "one valley", "all winter", "My cat", "ottersocks.com"):
        assert kind_of(setting, part) == "sponsor read"
    assert setting.kinds.count("sponsor read") == 5


@pytest.mark.parametrize(
    "read",
    [
        "I love my mattress. Use my code BELL at checkout and get twenty percent off your first order.",
        "We take a quick break to thank our sponsor. Bright Bank keeps our books. Bright Bank is free.",
        "Head over to brightbank.com slash bell, and start your free month with the promo code BELL.",
    ],
)
def test_reads_of_many_kinds_are_known(read: str) -> None:
    setting = setting_of(said(f"{TALK} {read} {TALK}"), Episode())
    for sentence in read.split(". ")[:1]:
        assert kind_of(setting, sentence[:20]) == "sponsor read"


def test_a_german_read_is_known() -> None:
    talk = "Die Glocke hing seit hundert Jahren im Turm und niemand wusste, wer sie gegossen hatte. " * 12
    read = (
        "Diese Folge wird unterstützt von Wollsocke. Wollsocke macht warme Füße. Mit dem Code GLOCKE "
        "spart ihr zehn Prozent."
    )
    setting = setting_of(said(talk + read + " " + talk, "de"), Episode())
    assert kind_of(setting, "warme Füße") == "sponsor read"


def test_talk_about_advertising_is_no_read() -> None:
    text = f"{TALK} The first radio advertisement paid for a church bell. People hated paying for music. {TALK}"
    assert "sponsor read" not in setting_of(said(text), Episode()).kinds


def test_greeting_and_sign_off_are_known() -> None:
    text = (
        f"Hello and welcome to Bell Talk. My guest today is Ann. Thanks for having me. {TALK * 3} Thank "
        f"you for listening. See you next week."
    )
    setting = setting_of(said(text), Episode())
    assert kind_of(setting, "welcome") == "greeting"
    assert kind_of(setting, "having me") == "greeting"
    assert kind_of(setting, "listening") == "sign-off"
    assert kind_of(setting, "See you") == "sign-off"


def test_lyrics_before_the_greeting_are_not_taken_for_speech() -> None:
    text = f"Oh river carry me home tonight. Carry me down to the sea. Welcome back to the show. {TALK * 3}"
    setting = setting_of(said(text), Episode(music_intro=True))
    assert kind_of(setting, "river") == "music"
    assert kind_of(setting_of(said(text), Episode()), "river") == ""


def test_the_episodes_own_cold_open_is_found_again_and_not_offered_itself() -> None:
    best = "Nobody had ever heard that bell ring in the right order before we took the drum apart."
    text = f"{best} Welcome to the show. {TALK * 6} {best} {TALK * 6}"
    findings = find(said(text), Episode(), Settings(count=4))
    first = next(c for c in findings.candidates if "right order" in c.text)
    assert first.span.start > 60
    assert any(r.signal == "cold_open" and "own cold open" in r.text for r in first.reasons)
    assert any("cold open" in note for note in findings.notes)
