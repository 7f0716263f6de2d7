"""Lengths for platforms, nothing twice, and more of what a producer liked, as asked for on the command line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from clipper.plan import store
from clipper.plan.model import Clip
from tests.conftest import Clipper

THEMES = {
    "bells": ("bell", "tower", "copper", "smith", "rope", "note", "church", "ring"),
    "bread": ("bread", "oven", "flour", "baker", "dough", "salt", "crust", "yeast"),
    "boats": ("boat", "harbour", "sail", "pilot", "storm", "anchor", "deck", "tide"),
}
VERBS = ("kept", "found", "lost", "moved", "counted", "weighed", "painted", "repaired")


def part(theme: str, sentences: int, seed: int) -> str:
    """Talk about one thing, in sentences that stand alone."""
    chance, words = random.Random(seed), THEMES[theme]
    lines = []
    for _ in range(sentences):
        a, b, c = chance.sample(words, 3)
        lines.append(
            f"The {a} of the {b} was {chance.choice(VERBS)} by {chance.randrange(3, 90)} people near the {c} in "
            f"{chance.randrange(1800, 2000)}."
        )
    return " ".join(lines)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "page.md"
    page.write_text(
        "# Three trades\n\nIn this episode we talk about:\n\n* The bell tower\n* Bread and flour\n* Boats in a storm\n",
        encoding="utf-8",
    )
    return page


def heard(text: str, path: Path) -> Path:
    """A recogniser's file for a text, four tenths of a second a word."""
    said = [
        {"word": f" {w}", "start": round(i * 0.4, 2), "end": round(i * 0.4 + 0.4, 2)}
        for i, w in enumerate(text.split())
    ]
    segment = {"id": 0, "start": 0.0, "end": len(said) * 0.4, "text": text, "words": said}
    path.write_text(json.dumps({"text": text, "language": "en", "segments": [segment]}), encoding="utf-8")
    return path


@pytest.fixture
def words(tmp_path: Path) -> Path:
    text = " ".join(
        [part("bells", 60, 1), part("bread", 60, 2), part("boats", 60, 3), part("bells", 60, 4), part("bread", 40, 5)]
    )
    return heard(text, tmp_path / "talk.json")


@pytest.fixture
def out(clipper: Clipper, page: Path, words: Path, tmp_path: Path) -> Path:
    """A plan of three candidates."""
    folder = tmp_path / "out"
    done = clipper("find", page, "--transcript", words, "-o", folder, "--offline", "--count", 3)
    assert done.code == 0, done.err
    return folder


def clips(out: Path) -> list[Clip]:
    return list(store.load(out).clips)


def apart(all_clips: list[Clip]) -> bool:
    spans = sorted((c.span.start, c.span.end) for c in all_clips)
    return all(b[0] >= a[1] for a, b in pairwise(spans))


def themes(text: str) -> dict[str, int]:
    """How many words of each trade a text has."""
    spoken = [w.strip(".").lower() for w in text.split()]
    return {theme: sum(w in words for w in spoken) for theme, words in THEMES.items()}


def refuse(out: Path, name: str) -> Clip:
    clip = next(c for c in clips(out) if c.id == name)
    store.save(store.load(out).with_clip(clip.changed(picked=False)), out)
    return clip


@pytest.mark.parametrize(
    ("options", "least", "most"),
    [
        (("--for", "linkedin"), 30, 90),
        (("--for", "shorts,linkedin"), 30, 60),
        (("--for", "Reels", "--max", 25), 15, 25),
        (("--for", "x", "--min", 70, "--max", 100), 70, 100),
    ],
)
def test_clips_have_the_lengths_that_suit_the_platforms(
    clipper: Clipper, page: Path, words: Path, options: tuple[object, ...], least: float, most: float
) -> None:
    done = clipper("find", page, "--transcript", words, "--offline", "--json", *options)
    assert done.code == 0, done.err
    lengths = [c["end"] - c["start"] for c in done.json["clips"]]
    assert lengths
    assert all(least <= s <= most + 1.0 for s in lengths)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--for", "tiktock"), "tiktok"),
        (("--for", ","), "names no platform"),
        (("--for", "facebook", "--max", 100), "the 90 s that Facebook Reels takes"),
        (("--for", "shorts", "--min", 61), "--min 61 does not meet the 60 s"),
        (("--for", "tiktok", "--min", 1, "--max", 20), "shorter than the 3 s that TikTok takes"),
    ],
)
def test_lengths_that_no_platform_takes_are_refused_before_any_work(
    clipper: Clipper, options: tuple[object, ...], said: str
) -> None:
    done = clipper("find", "no-such-page.md", *options)
    assert done.code == 2
    assert said in " ".join(done.two_lines())


def test_more_like_a_clip_are_added_behind_it_with_ids_of_their_own(clipper: Clipper, page: Path, out: Path) -> None:
    before = clips(out)
    liked = max(before, key=lambda c: themes(c.text)["bells"] - sum(themes(c.text).values()) / 2)
    done = clipper("find", page, "-o", out, "--more-like", liked.id, "--json")
    assert done.code == 0, done.err
    added = done.json["added"]
    after = clips(out)
    assert [c["id"] for c in added] == [f"c{n}" for n in range(4, 4 + len(added))]
    place = [c.id for c in after].index(liked.id)
    assert [c.id for c in after[place + 1 : place + 1 + len(added)]] == [c["id"] for c in added]
    assert [c for c in after if c.id in {b.id for b in before}] == before
    assert apart(after)
    assert added
    for c in added:
        said = themes(c["text"])
        assert max(said, key=lambda theme: said[theme]) == "bells", said
    assert all(c["reasons"][0].startswith(f"Like {liked.id} “") for c in added)
    assert all(c.picked is None for c in after)


def test_an_id_is_never_used_again_even_after_its_clip_is_gone(clipper: Clipper, page: Path, out: Path) -> None:
    assert clipper("find", page, "-o", out, "--from-part", "c1").code == 0
    last = max(int(c.id[1:]) for c in clips(out))
    assert last == 4
    plan = store.load(out)
    store.save(plan.model_copy(update={"clips": tuple(c for c in plan.clips if c.id != "c4")}), out)
    done = clipper("find", page, "-o", out, "--from-part", "c1", "--json")
    assert [c["id"] for c in done.json["added"]] == ["c5"]


def test_another_from_this_part_comes_from_there(clipper: Clipper, page: Path, out: Path) -> None:
    clip = clips(out)[0]
    done = clipper("find", page, "-o", out, "--from-part", clip.id, "--json")
    assert done.code == 0, done.err
    (added,) = done.json["added"]
    assert "You asked for another from" in added["reasons"][0]
    assert abs(added["start"] - clip.span.start) < 600
    assert apart(clips(out))


def test_asking_until_nothing_is_left_ends_with_a_note(clipper: Clipper, page: Path, out: Path) -> None:
    for _ in range(12):
        done = clipper("find", page, "-o", out, "--more-like", "c1", "--count", 40, "--json")
        if not done.json["added"]:
            assert "note: more like it: nothing else" in done.err
            return
    raise AssertionError("it never ended")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--more-like", "c9"), "no clip c9"),
        (("--more-like", "c1", "--from-part", "c1"), "at once"),
    ],
)
def test_what_cannot_be_added_is_told(
    clipper: Clipper, page: Path, out: Path, options: tuple[object, ...], said: str
) -> None:
    plan = (out / "clips.yaml").read_bytes()
    done = clipper("find", page, "-o", out, *options)
    assert done.code == 2
    assert said in done.two_lines()[0]
    assert (out / "clips.yaml").read_bytes() == plan
    assert "need the plan" in clipper("find", page, "--more-like", "c1").two_lines()[0]


def test_pick_adds_more_with_a_key_and_goes_there(out: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clipper", "pick", str(out)], input="more\nt\nq\n", capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    after = clips(out)
    assert len(after) > 3
    assert after[1].id == "c4"
    assert after[1].picked is True
    assert "more like it: c4" in done.stdout
    assert "[m]ore like it" in done.stdout


def test_the_same_search_again_changes_no_plan_whatever_was_refused(
    clipper: Clipper, page: Path, words: Path, out: Path
) -> None:
    gone = refuse(out, "c2")
    plan = (out / "clips.yaml").read_bytes()
    for _ in range(2):
        done = clipper("find", page, "--transcript", words, "-o", out, "--offline", "--count", 3, "--json")
        assert (out / "clips.yaml").read_bytes() == plan
        assert "c2 in out/clips.yaml" in done.err
        assert len(done.json["clips"]) == 3
        assert not any(c["start"] < gone.span.end and c["end"] > gone.span.start for c in done.json["clips"])


def test_a_new_search_offers_others_for_those_that_were_refused(
    clipper: Clipper, page: Path, words: Path, out: Path
) -> None:
    gone = refuse(out, "c1")
    assert clipper("find", page, "--transcript", words, "-o", out, "--offline", "--count", 4).code == 0
    after = clips(out)
    assert next(c for c in after if c.id == "c1").picked is False
    assert len([c for c in after if c.picked is None]) == 4
    assert apart([c for c in after if c.id != "c1"])
    for c in after:
        assert c.id == "c1" or c.span.overlap(gone.span) <= 0.5 * min(c.span.seconds, gone.span.seconds)


def test_clips_of_another_plan_are_not_offered_though_the_episode_has_other_times_now(
    clipper: Clipper, page: Path, words: Path, out: Path, tmp_path: Path
) -> None:
    used = clips(out)[0]
    store.save(store.load(out).with_clip(used.changed(picked=True)), out)
    text = json.loads(words.read_text(encoding="utf-8"))["text"].replace("people", "folks")
    later = heard(part("boats", 9, 77) + " " + text, tmp_path / "again.json")
    call = ("find", page, "--transcript", later, "--offline", "--json", "--count", 8)
    for place in (out, tmp_path, out / "clips.yaml"):
        done = clipper(*call, "--known", place)
        assert done.code == 0, done.err
        assert "it is a clip already (c1 in out/clips.yaml)" in done.err
        line = used.text.replace("people", "folks").split("\n")[1]
        assert not any(line in c["text"] for c in done.json["clips"])
    spoken = tmp_path / "posted.txt"
    spoken.write_text(used.text, encoding="utf-8")
    assert "its words are in posted.txt" in clipper(*call, "--known", spoken).err


def test_known_places_that_hold_nothing_are_told(clipper: Clipper, page: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for place in (empty, tmp_path / "nowhere"):
        done = clipper("find", page, "--known", place)
        assert done.code == 3
        assert str(place) in done.two_lines()[0]


def test_every_bullet_has_its_clip_or_a_reason_in_json_and_in_the_plan(
    clipper: Clipper, words: Path, tmp_path: Path
) -> None:
    page, out = tmp_path / "other.md", tmp_path / "covered"
    page.write_text(
        "# Trades\n\nIn this episode we talk about:\n\n* The bell tower\n* Bread and flour\n* Quantum mortgages\n",
        encoding="utf-8",
    )
    done = clipper("find", page, "--transcript", words, "-o", out, "--offline", "--json")
    rows = {t["topic"]: t for t in done.json["topics"]}
    assert rows["Quantum mortgages"]["clip"] is None
    assert rows["Quantum mortgages"]["why"] == "never talked about: none of its words is said"
    for topic in ("The bell tower", "Bread and flour"):
        assert rows[topic]["why"] is None
        assert topic.split()[0 if topic[0] == "B" else 1].lower() in done.json["clips"][rows[topic]["clip"]]["text"]
    coverage = dict(store.load(out).coverage)
    assert coverage["Quantum mortgages"] == "never talked about: none of its words is said"
    assert coverage["The bell tower"] in {c.id for c in clips(out)}
    shown = clipper("find", page, "--transcript", words, "--offline").out
    assert "2 of 3 topics of the page have a clip" in shown
