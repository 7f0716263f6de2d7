"""The shared suite against servers that were written from the networks' documents."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from clipper.errors import MissingError
from clipper.publish.base import Job, Pack
from clipper.publish.errors import PublishError
from clipper.publish.ledger import Ledger
from tests.publish import worlds
from tests.publish.packs import make_pack
from tests.publish.suite import PublisherSuite, posted_of, send
from tests.publish.world import World
from tests.publish.written.base import Answer, Written
from tests.publish.written.running import prism
from tests.publish.written.x import X


class TestYouTube(PublisherSuite):
    World = worlds.YouTubeWorld


class TestYouTubeOnUploadx(PublisherSuite):
    World = worlds.UploadxWorld


class TestTikTok(PublisherSuite):
    World = worlds.TikTokWorld


class TestInstagram(PublisherSuite):
    World = worlds.InstagramWorld


class TestFacebook(PublisherSuite):
    World = worlds.FacebookWorld


class TestLinkedIn(PublisherSuite):
    World = worlds.LinkedInWorld


class Fetched(PublisherSuite):
    """Networks that fetch the video from a public place."""

    def test_a_line_cut_in_the_middle_of_the_video_is_made_up_for(
        self, world: World, pack: Pack, tmp_path: Path
    ) -> None:
        """The line is the network's own to the public place."""
        assert isinstance(world, worlds.FetchedWorld)
        world.files.fail("GET", ".*", answer=Answer(503), times=99)
        first = send(world, pack, tmp_path / "ledger.sqlite")
        assert "could not be fetched" in first.said
        assert "reached from everywhere" in first.mend
        world.files.faults.clear()
        assert send(world, pack, tmp_path / "ledger.sqlite").stands
        assert len(world.posts()) == 1

    def test_an_address_that_is_not_https_is_not_given_out(self, world: World, pack: Pack, tmp_path: Path) -> None:
        for said in ("no", ""):
            with pytest.raises(MissingError, match="https addresses only"):
                send(world, pack, tmp_path / "ledger.sqlite", world.publisher(loopback=said))
        assert world.posts() == []


class TestThreads(Fetched):
    World = worlds.ThreadsWorld


class TestInstagramByItsOwnLogin(Fetched):
    World = worlds.InstagramDirectWorld

    def test_what_was_posted_can_be_taken_back(self, world: World, pack: Pack, book: Path) -> None:
        """Only through Facebook's login."""
        done = send(world, pack, book)
        with pytest.raises(PublishError, match="only through Facebook's login"):
            world.publisher().delete(posted_of(done))
        assert len(world.posts()) == 1


class TestX(PublisherSuite):
    World = worlds.XWorld


OFFICIAL = Path(__file__).parents[3] / "shared" / "publishing" / "x-openapi.json"


class OfficialXWorld(worlds.XWorld):
    """The referee has X's own description."""

    def make(self) -> Written:
        server = super().make()
        assert isinstance(server, X)
        server.referee = prism(OFFICIAL)
        return server


@pytest.mark.shared
@pytest.mark.skipif(not OFFICIAL.is_file(), reason="X's own description of its interface is not at hand")
def test_xs_own_description_finds_nothing_against_our_requests(tmp_path: Path) -> None:
    with worlds.standing(OfficialXWorld) as world:
        pack = make_pack(tmp_path / "out", "x")
        done = send(world, pack, tmp_path / "ledger.sqlite")
        assert done.stands, done.said
        assert world.server.judged == len(world.server.asked) >= 11
        publisher = world.publisher()
        with Ledger(tmp_path / "other.sqlite") as ledger:
            row = ledger.intend(pack, "x", publisher.account())
            since = datetime.datetime.now(datetime.UTC)
            job = Job(row.key, pack, publisher.account(), ledger.steps(row.key), since=since)
            assert publisher.find(job) == posted_of(done)
        publisher.delete(posted_of(done))
        assert world.posts() == []
        assert world.server.judged == len(world.server.asked)
