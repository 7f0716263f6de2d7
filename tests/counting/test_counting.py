"""Texts are as long as the networks themselves say, and are shortened at a word."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipper import counting

DATA = json.loads((Path(__file__).parent / "texts.json").read_text(encoding="utf-8"))
ROWS = DATA["rows"]
# sequences that twitter-text 3.1.0 (2020, emoji of 2018) counts by their parts; X itself counts any emoji 2
BY_PARTS = {"👁️‍🗨️", "🧑‍🦽 rolls", "🧑‍🤝‍🧑 together", "👩🏽‍🤝‍👨🏻 pair", "❤️‍🔥 on fire", "😶‍🌫️ fog"}


def test_there_are_two_hundred_texts_counted_by_the_real_counters():
    assert len({row["text"] for row in ROWS}) >= 200
    assert DATA["with"] == ["twitter-text@3.1.0", "@atproto/api@0.19.19"]


@pytest.mark.parametrize(
    ("rule", "url", "field"),
    [
        ("weighted", 23, "x"), ("graphemes", None, "bluesky"), ("utf8", None, "bytes"), ("utf16", None, "utf16"),
        ("graphemes", 23, "mastodon"),
    ],
)  # fmt: skip
def test_every_text_is_as_long_as_the_network_says(rule: str, url: int | None, field: str):
    wrong = [
        (row["text"], ours, row[field])
        for row in ROWS
        if not (field == "x" and row["text"] in BY_PARTS)
        and (ours := counting.count(row["text"], rule, url)) != row[field]
    ]
    assert not wrong


def test_an_emoji_newer_than_xs_package_counts_two_as_x_documents_it():
    assert {row["text"] for row in ROWS} >= BY_PARTS
    for row in (row for row in ROWS if row["text"] in BY_PARTS):
        _, *rest = row["text"].split(" ", 1)
        assert counting.weighted(row["text"]) == 2 + sum(1 + len(r) for r in rest) < row["x"]


def test_threads_counts_an_emojis_bytes():
    assert counting.emoji_utf8("a👨‍👩‍👧‍👦b") == 25 + 2
    assert counting.emoji_utf8("© naïve 日本") == len("© naïve 日本")


def test_a_text_of_nothing_but_letters_is_counted_at_once():
    began = time.process_time()
    for text in ("日" * 5000, "a" * 5000, "a." * 2500, "(" * 5000, "http://" * 700, "https://a.com/" + "(" * 3000):
        counting.weighted(text)
        counting.links_short(text)
    assert time.process_time() - began < 20


def test_what_linkedin_would_cut_at_is_escaped_and_hashtags_stay():
    special = r"\|{}@[]()<>#*_~"
    assert counting.escaped("Bells (old) & #bells, C# and #5_notes", special) == (
        r"Bells \(old\) & #bells, C\# and #5\_notes"
    )


def test_a_text_is_cut_at_a_word():
    fits = lambda t: len(t) <= 20  # noqa: E731
    assert counting.shortened("It fits as it stands", fits) == "It fits as it stands"
    assert counting.shortened("It does not fit, for it is long", lambda t: len(t) <= 21) == "It does not fit, for…"
    assert counting.shortened("It does not fit, — it is long", lambda t: len(t) <= 19) == "It does not fit…"
    assert counting.shortened("Donaudampfschifffahrtsgesellschaft", fits) == "Donaudampfschifffah…"
    assert counting.shortened("anything", lambda t: False) == ""


@given(st.text(max_size=80), st.integers(0, 60))
def test_what_was_shortened_always_fits(text: str, most: int):
    out = counting.shortened(text, lambda t: counting.weighted(t) <= most)
    assert counting.weighted(out) <= most or out == text
