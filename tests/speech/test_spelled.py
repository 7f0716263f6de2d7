"""Spellings of the show's own file: exactly those words, and nothing else."""

from __future__ import annotations

import pytest

from clipper.speech.model import Transcript, Word
from clipper.speech.spelled import respell


def said(text: str) -> Transcript:
    words = tuple(Word(text=w, start=float(i), end=i + 0.5, confidence=0.9) for i, w in enumerate(text.split()))
    return Transcript(language="en", duration=float(len(words)), words=words)


@pytest.mark.parametrize(
    ("names", "heard", "written"),
    [
        ({"eva burn": "Aoife Byrne"}, "Then Eva Burn came.", "Then Aoife Byrne came."),
        ({"eva burn": "Aoife Byrne"}, "(Eva burn’s boat)", "(Aoife Byrne’s boat)"),
        ({"eva burn": "Aoife Byrne"}, "I met Eva. Burn it!", "I met Eva. Burn it!"),
        ({"eva burn": "Aoife Byrne"}, "I met Eva, Burn and Lee.", "I met Eva, Burn and Lee."),
        ({"eva": "Aoife", "eva burn": "Aoife Byrne"}, "Eva Burn, or Eva.", "Aoife Byrne, or Aoife."),
        ({"eva": "Aoife"}, "An evasive Evan.", "An evasive Evan."),
        ({"kay eight s": "K8s"}, "We run Kay eight s.", "We run K8s."),
        ({"kates": "Cape Town"}, "In Kates now.", "In Cape Town now."),
        ({"Aoife Byrne": "Aoife Byrne"}, "aoife byrne", "aoife byrne"),
        ({}, "Nothing changes.", "Nothing changes."),
    ],
)
def test_what_is_heard_is_written_as_meant(names: dict[str, str], heard: str, written: str) -> None:
    before = said(heard)
    after, rows = respell(before, names)
    assert after.text() == written
    assert bool(rows) == (heard != written)
    assert after.words[0].start == before.words[0].start
    assert after.words[-1].end == before.words[-1].end
    assert all(a.end <= b.start + 1e-9 for a, b in zip(after.words, after.words[1:], strict=False))


def test_each_change_is_told_with_its_number_and_source() -> None:
    _, rows = respell(said("Eva Burn met Eva Burn."), {"eva burn": "Aoife Byrne"})
    assert [str(row) for row in rows] == ["“Eva Burn” is written “Aoife Byrne” (2 times), as in clipper.toml"]
