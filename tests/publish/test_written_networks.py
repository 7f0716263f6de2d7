"""The shared suite against servers that were written from the networks' documents."""

from __future__ import annotations

from pathlib import Path

from clipper.publish.base import Pack
from tests.publish import worlds
from tests.publish.suite import PublisherSuite, send
from tests.publish.world import World
from tests.publish.written.base import Answer


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


class TestThreads(PublisherSuite):
    World = worlds.ThreadsWorld

    def test_a_line_cut_in_the_middle_of_the_video_is_made_up_for(
        self, world: World, pack: Pack, tmp_path: Path
    ) -> None:
        """The line is Threads' own to the public place."""
        assert isinstance(world, worlds.ThreadsWorld)
        world.files.fail("GET", ".*", answer=Answer(503), times=99)
        first = send(world, pack, tmp_path / "ledger.sqlite")
        assert "could not be fetched" in first.said
        assert "reached from everywhere" in first.mend
        world.files.faults.clear()
        assert send(world, pack, tmp_path / "ledger.sqlite").stands
        assert len(world.posts()) == 1


class TestX(PublisherSuite):
    World = worlds.XWorld
