"""500 damaged inputs of every kind: no traceback, no hang, no memory over 2 GB, nothing written elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.episode.feed import read_feed
from clipper.episode.feed_items import split_feed
from clipper.errors import InputError
from tests.security.fuzzing import Kinds, case

REST = "<rss><channel><item><title>{}</title></item></channel></rss>"
BOMB = '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + REST.format("&b;")
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + REST.format("&x;")
OUTSIDE = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + REST.format("fine")


@pytest.mark.slow
def test_damaged_input_is_refused_in_two_lines(tmp_path: Path):
    kinds = Kinds(tmp_path)
    wrong = [said for seed in range(20261130, 20261130 + 500) if (said := case(kinds, seed))]
    assert not wrong, f"{len(wrong)} findings\n\n" + "\n".join(wrong[:6])


@pytest.mark.parametrize("text", [BOMB, FILE, BOMB.replace("ENTITY", "eNtItY")])
def test_xml_tricks_are_refused(text: str):
    for read in (lambda t: read_feed(t, None), split_feed):
        with pytest.raises(InputError, match="entities of its own"):
            read(text)


def test_a_description_elsewhere_is_not_asked_for():
    assert split_feed(OUTSIDE).entries[0].title == "fine"


def test_a_feed_of_fifty_thousand_episodes_is_read_in_time():
    items = "".join(f"<item><title>E{n}</title><guid>{n}</guid></item>" for n in range(50_000))
    assert len(split_feed(f"<rss><channel><title>x</title>{items}</channel></rss>").entries) == 20_000
