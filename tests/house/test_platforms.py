"""The platforms' facts: whole, dated, sourced, and found by the names that people use."""

import datetime

import pytest

from clipper import platforms
from clipper.errors import UsageError

ALL = platforms.names()


def test_the_nine_platforms_are_there():
    assert set(ALL) == {
        "youtube-shorts", "tiktok", "instagram-reels", "facebook-reels", "linkedin", "x", "threads", "bluesky",
        "mastodon",
    }  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_every_fact_has_a_date_a_certainty_and_a_source(name):
    facts = [f for _, f in platforms.platform(name) if isinstance(f, platforms.Fact)]
    assert len(facts) >= 8
    for fact in facts:
        assert datetime.date(2024, 1, 1) < fact.date <= datetime.date.today()
        assert fact.certainty in ("official", "quoted", "third-party", "measured")
        assert fact.source


@pytest.mark.parametrize("name", ALL)
def test_the_length_chosen_for_a_platform_is_one_that_it_takes(name):
    p = platforms.platform(name)
    assert p.length.least <= p.good.least < p.good.most <= (p.length.most or 1e9)
    assert platforms.band([name]) == (p.good.least, p.good.most)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("shorts", "youtube-shorts"), ("Reels", "instagram-reels"), ("YouTube Shorts", "youtube-shorts"),
        ("fb", "facebook-reels"),
        ("twitter", "x"), ("X", "x"), ("bsky", "bluesky"), ("linked-in", "linkedin"), ("tik tok", "tiktok"),
    ],
)  # fmt: skip
def test_a_platform_is_found_by_the_names_people_use(said, meant):
    assert platforms.platform(said).name == meant


def test_no_two_platforms_share_a_name():
    spelt = [platforms._plain(s) for n in ALL for s in {n, *platforms.platform(n).aliases}]
    assert len(spelt) == len(set(spelt))


def test_a_misspelt_platform_gets_the_nearest_name():
    with pytest.raises(UsageError) as wrong:
        platforms.platform("tiktock")
    assert "tiktok" in wrong.value.mend.split("?")[0]
    with pytest.raises(UsageError) as wrong:
        platforms.platform("myspace-video")
    assert "mastodon" in wrong.value.mend


def test_several_platforms_get_the_lengths_that_suit_all():
    assert platforms.band(["shorts", "linkedin"]) == (30.0, 60.0)
    assert platforms.most_seconds(["shorts", "facebook", "mastodon"]) == 90.0
    assert platforms.most_seconds(["mastodon"]) is None


def test_platforms_whose_lengths_do_not_meet_are_refused_by_name():
    x = platforms.platform("x")
    long = x.model_copy(update={"label": "Long", "good": x.good.model_copy(update={"least": 100.0, "most": 120.0})})
    with pytest.raises(UsageError, match="no length suits X and Long: X 20 to 60 s, Long 100 to 120 s"):
        platforms.meeting([x, long])


def test_the_safe_zone_of_all_is_inside_that_of_each():
    every = platforms.safe_zone(None, 1080, 1920)
    for name in ALL:
        one = platforms.safe_zone([name], 1080, 1920)
        assert one.left <= every.left < every.right <= one.right
        assert one.top <= every.top < every.bottom <= one.bottom
    assert [round(e * side) for e, side in zip(every, (1080, 1920, 1080, 1920), strict=True)] == [120, 288, 888, 1248]
    assert platforms.safe_zone(None, 720, 1280) == every


@pytest.mark.parametrize(("width", "height"), [(1080, 1080), (1920, 1080), (1080, 1350)])
def test_square_and_wide_pictures_keep_a_plain_margin(width, height):
    assert platforms.safe_zone(None, width, height) == platforms.safe_zone(["mastodon"], 1080, 1920)
    assert platforms.safe_zone(None, width, height) == pytest.approx((0.05, 0.05, 0.95, 0.95))


def test_a_fact_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="frozen"):
        platforms.platform("x").text.limit = 1
