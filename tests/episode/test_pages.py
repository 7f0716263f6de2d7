"""Pages in the habits of real shows: every field as a person reads it. The pages are invented for this test."""

from __future__ import annotations

import json
import re
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from clipper.episode.load import load_episode

PAGES = Path(__file__).parent / "pages"
TRUTH = [json.loads(line) for line in (PAGES / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def plain(text: object) -> str:
    decomposed = unicodedata.normalize("NFKD", str(text or ""))
    return re.sub(r"[\W_]+", " ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip().casefold()


@pytest.mark.parametrize("row", TRUTH, ids=[row["file"] for row in TRUTH])
def test_a_page_is_understood_as_a_person_reads_it(row: dict[str, Any]) -> None:
    understood = load_episode(str(PAGES / row["file"]), offline=True).as_json()
    assert understood["number"] == row["number"]
    assert SequenceMatcher(None, plain(understood["title"]), plain(row["title_clean"])).ratio() >= 0.95
    right = {plain(name) for name in [*row["guests"], *row.get("guest_aliases", [])]}
    assert len(understood["guests"]) == len(row["guests"])
    assert {plain(name) for name in understood["guests"]} <= right
    if row["host"]:
        assert plain(understood["host"]) in {plain(name) for name in row["host"].split(", ")}
    for field in ("date", "cover", "audio"):
        assert understood[field] == row[field]
    wanted = [" ".join(plain(topic).split()[:5]) for topic in row["topics"]]
    assert [" ".join(plain(topic).split()[:5]) for topic in understood["topics"]] == wanted
    assert len(understood["links"]) == row["links"]
    assert len(understood["chapters"]) == row["chapters"]


def test_there_are_enough_pages_to_mean_something() -> None:
    assert len(TRUTH) >= 25
    assert {row["file"] for row in TRUTH} == {p.name for p in PAGES.iterdir()} - {"truth.jsonl"}


def test_links_carry_the_words_before_a_bare_address() -> None:
    links = load_episode(str(PAGES / "bracket-with-guest.md"), offline=True).links
    assert [link.label for link in links] == [
        "Ines's rigging school",
        "The knot museum Ines mentions",
        "Ines on Mastodon",
    ]
    assert links[1].url == "https://knots.example.org/museum?hall=2"


def test_chapters_keep_times_and_titles_in_page_order() -> None:
    chapters = load_episode(str(PAGES / "dash-podcast-interview.md"), offline=True).chapters
    assert [c.start for c in chapters] == [0, 41, 725, 3598, 3756]
    assert chapters[3].title == "Losing to a nine-year-old"
    out_of_order = load_episode(str(PAGES / "persian.md"), offline=True).chapters
    assert [c.start for c in out_of_order] == [0, 425, 400]


def test_embeds_show_and_music_are_seen() -> None:
    page = load_episode(str(PAGES / "bracket-with-guest.md"), offline=True)
    assert page.embeds == ("https://www.youtube.com/watch?v=EXAMPLE0001",)
    assert page.music_intro
    assert load_episode(str(PAGES / "folded-quotes.md"), offline=True).show == "Ropewalk Podcast"
    assert not load_episode(str(PAGES / "third-person-host.md"), offline=True).music_intro


def test_a_script_in_a_page_is_neither_run_nor_read() -> None:
    page = load_episode(str(PAGES / "page.html"), offline=True)
    assert "Not a topic" not in str(page.as_json())
    assert page.show == "Stairwell FM"


@pytest.mark.shared
def test_real_pages_are_understood() -> None:
    """The twelve real pages of the shared seed, where a checkout has them, by the measure that stands beside them."""
    import importlib.util

    shared = Path(__file__).parents[3] / "shared"
    truth = shared / "seed" / "pages" / "truth.jsonl"
    if not truth.is_file():
        pytest.skip("no shared seed beside this checkout")
    spec = importlib.util.spec_from_file_location("pages_measure", shared / "eval" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    measure = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(measure)
    right = 0
    rows = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines() if line.strip()]
    for row in rows:
        verdict, *_ = measure.judge(row, load_episode(str(truth.parent / row["file"]), offline=True).as_json())
        right += sum(verdict.values())
    assert right / (10 * len(rows)) >= 0.95
