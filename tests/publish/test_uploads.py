"""Large files on lines that break: parts as each network wants them, taken up where they stopped, whoever does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.publish.base import Pack
from clipper.publish.errors import PublishError
from clipper.publish.networks import youtube
from clipper.publish.patience import Patience
from clipper.publish.runner import Outcome
from tests.publish import worlds
from tests.publish.packs import make_pack
from tests.publish.suite import Stopped, impatient, send, stop, until_settled
from tests.publish.written.base import Answer

SIZE = 1_200_000


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds.small_parts(monkeypatch)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def large(world: worlds.WrittenWorld, tmp_path: Path, size: int = SIZE) -> Pack:
    return make_pack(tmp_path / "out", world.platform, size=size)


def stopped(world: worlds.WrittenWorld, pack: Pack, book: Path) -> None:
    """A run that ends at its first wait, as if it were killed there."""
    patience = Patience(sleep=stop)
    with pytest.raises(Stopped):
        send(world, pack, book, patience=patience)


def stands(world: worlds.WrittenWorld, done: Outcome, pack: Pack) -> None:
    """One post, with the bytes that were packed."""
    assert done.stands, done.said
    (post,) = world.posts()
    assert post.video == pack.video.read_bytes()


@pytest.mark.parametrize("kind", [worlds.YouTubeWorld, worlds.UploadxWorld])
class TestYouTube:
    def test_a_chunk_that_was_cut_goes_on_from_what_arrived(
        self, kind: type[worlds.YouTubeWorld], tmp_path: Path, book: Path
    ) -> None:
        """The second chunk breaks after 100,000 bytes; what came of it stays there."""
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/videos", after=1, cut=100_000)
            stands(world, send(world, pack, book), pack)
            sent = [a for a in world.server.asked if a.method == "PUT" and a.body]
            ranges = [a.headers["content-range"] for a in sent]
            assert f"bytes 0-262143/{SIZE}" in ranges
            assert any(r.startswith("bytes 362144-") for r in ranges), ranges
            assert sum(len(a.body) for a in sent) == SIZE, "no byte twice"

    def test_another_process_takes_the_session_up(
        self, kind: type[worlds.YouTubeWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/videos", after=2, cut=50_000)
            stopped(world, pack, book)
            assert world.posts() == []
            stands(world, send(world, pack, book), pack)
            assert world.server.count("POST", ".*/videos") == 1, "one session"

    def test_a_server_that_fails_in_the_middle_is_asked_how_far_it_is(
        self, kind: type[worlds.YouTubeWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/videos", after=1, answer=Answer(500, {"error": {"message": "backendError"}}))
            stands(world, send(world, pack, book), pack)
            assert any(a.headers.get("content-range") == f"bytes */{SIZE}" for a in world.server.asked)

    def test_a_session_that_is_over_begins_anew_if_its_end_was_never_sent(
        self, kind: type[worlds.YouTubeWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/videos", after=1, cut=0)
            stopped(world, pack, book)
            for session in world.server.sessions.values():
                session["gone"] = True
            stands(world, until_settled(world, pack, book, impatient()), pack)
            assert world.server.count("POST", ".*/videos") == 2


class TestYouTubeAlone:
    def test_chunks_are_multiples_of_256_kib(self) -> None:
        """Others cannot go on after a cut."""
        assert youtube.CHUNK % (256 * 1024) == 0
        assert youtube.CHUNK > 0

    @pytest.mark.parametrize("listed", [True, False])
    def test_a_lost_end_and_a_lost_session_are_looked_for_and_never_sent_again(
        self, listed: bool, tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(worlds.YouTubeWorld, lists=listed) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/videos", after=4, mute=True)
            stopped(world, pack, book)
            for session in world.server.sessions.values():
                session["gone"] = True
            done = until_settled(world, pack, book, impatient())
            assert len(world.posts()) == 1
            assert done.row.state == ("posted" if listed else "unknown")
            if not listed:
                assert "YouTube Studio" in done.said
                assert "--resolve" in done.mend

    @pytest.mark.parametrize("privacy", ["public", "unlisted", "private"])
    def test_who_sees_it_is_always_said(self, privacy: str, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.YouTubeWorld) as world:
            pack = large(world, tmp_path, 60_000)
            publisher = world.publisher(privacy=privacy)
            assert publisher.account().audience == youtube.AUDIENCES[privacy]
            assert send(world, pack, book, publisher).stands
            assert world.server.posts[0]["status"]["privacyStatus"] == privacy

    def test_a_session_at_another_host_gets_no_token(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.YouTubeWorld) as world, worlds.Files() as thief:
            place = {"Location": f"{thief.url.replace('127.0.0.1', 'localhost')}/session"}
            world.server.fail("POST", ".*/videos", answer=Answer(200, None, place), times=9)
            with pytest.raises(PublishError, match="another host"):
                send(world, large(world, tmp_path, 60_000), book)
            assert thief.asked == []

    def test_a_used_up_quota_is_left_for_tomorrow(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.YouTubeWorld) as world:
            pack = large(world, tmp_path, 60_000)
            publisher = world.publisher(impatient())
            publisher.account()
            quota = {"error": {"errors": [{"reason": "quotaExceeded"}], "message": "you have exceeded your quota"}}
            world.server.fail("POST", ".*/videos", answer=Answer(403, quota), times=99)
            done = send(world, pack, book, publisher, impatient())
            assert "exceeded your quota" in done.said
            assert "tomorrow" in done.mend
            assert done.row.state == "begun"
            assert world.server.count("POST", ".*/videos") == 1, "asked once, not again and again"
            world.server.faults.clear()
            stands(world, send(world, pack, book), pack)

    def test_captions_and_thumbnail_follow_after_a_crash(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.YouTubeWorld) as world:
            pack = large(world, tmp_path, 60_000)
            world.server.fail("POST", ".*/captions", mute=True, times=9)
            stopped(world, pack, book)
            world.server.faults.clear()
            stands(world, send(world, pack, book), pack)
            (video,) = world.server.posts
            assert len(video["captions"]) == 1, "the track stands once, however often it was sent"
            assert video["thumbnail"] is not None

    def test_a_channel_that_may_not_set_thumbnails_has_its_video_all_the_same(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.YouTubeWorld) as world:
            pack = large(world, tmp_path, 60_000)
            no = {"error": {"errors": [{"reason": "forbidden"}], "message": "not allowed to upload thumbnails"}}
            world.server.fail("POST", ".*/thumbnails/set", answer=Answer(403, no), times=9)
            stands(world, send(world, pack, book), pack)


class TestTikTok:
    def test_parts_follow_one_another_and_the_last_takes_the_rest(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, least_chunk=100_000) as world:
            pack = large(world, tmp_path, 1_100_000)
            stands(world, send(world, pack, book), pack)
            ranges = [a.headers["content-range"] for a in world.server.asked if a.method == "PUT"]
            assert len(ranges) == 5
            assert ranges[-1] == "bytes 800000-1099999/1100000"

    def test_an_upload_goes_on_after_a_cut_and_in_another_process(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, least_chunk=100_000) as world:
            pack = large(world, tmp_path, 1_100_000)
            world.server.fail("PUT", ".*", after=2, cut=30_000)
            stopped(world, pack, book)
            assert world.posts() == []
            stands(world, send(world, pack, book), pack)
            assert world.server.count("POST", ".*/init/") == 1, "one place for the video"

    def test_a_line_that_is_cut_again_and_again_is_left_for_later(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, least_chunk=100_000) as world:
            pack = large(world, tmp_path, 1_100_000)
            world.server.fail("PUT", ".*", after=1, cut=1000, times=999)
            done = send(world, pack, book, patience=impatient())
            assert done.row.state == "begun"
            assert world.server.count("PUT", ".*") < 20
            world.server.faults.clear()
            stands(world, send(world, pack, book), pack)

    def test_an_address_that_has_run_out_is_replaced(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, least_chunk=100_000) as world:
            pack = large(world, tmp_path, 1_100_000)
            world.server.fail("PUT", ".*", after=2, cut=0)
            stopped(world, pack, book)
            world.server.shift = 4000.0  # it holds an hour
            stands(world, until_settled(world, pack, book, impatient()), pack)
            assert world.server.count("POST", ".*/init/") == 2

    def test_an_unaudited_app_posts_to_its_own_account_and_says_so(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, audited=False) as world:
            pack = large(world, tmp_path, 60_000)
            publisher = world.publisher(audited="no")
            assert publisher.account().audience == "only you (TikTok has not audited the app)"
            assert publisher.dry_run(pack)[0].fields["privacy_level"] == "SELF_ONLY"
            assert send(world, pack, book, publisher).stands
            assert world.server.posts[0]["info"]["privacy_level"] == "SELF_ONLY"

    def test_an_app_that_only_thinks_it_is_audited_is_told(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, audited=False) as world:
            done = send(world, large(world, tmp_path, 60_000), book)
            assert done.row.state == "refused"
            assert "unaudited_client" in done.said
            assert "CLIPPER_TIKTOK_AUDITED" in done.mend

    def test_a_level_that_the_creator_does_not_have_is_refused_before_a_byte(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, options=["SELF_ONLY", "FOLLOWER_OF_CREATOR"]) as world:
            with pytest.raises(Exception, match="does not let @oddlygoodwork post for public") as caught:
                send(world, large(world, tmp_path, 60_000), book)
            assert "FOLLOWER_OF_CREATOR" in caught.value.mend  # type: ignore[attr-defined]
            assert world.server.count("POST", ".*/init/") == 0

    def test_a_clip_longer_than_the_creator_may_post_is_refused(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.TikTokWorld, longest=0.25) as world:
            done = send(world, large(world, tmp_path, 60_000), book)
            assert done.row.state == "refused"
            assert "shorten the clip" in done.mend


class TestLinkedIn:
    def test_parts_are_cut_where_linkedin_says_and_told_in_their_order(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.LinkedInWorld, part=262_144, quotes=True) as world:
            pack = large(world, tmp_path)
            stands(world, send(world, pack, book), pack)
            assert world.server.count("PUT", r"/dms-uploads/1/part/\d") == 5

    def test_parts_that_arrived_are_not_sent_again(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.LinkedInWorld, part=262_144) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/part/3", cut=1000)
            stopped(world, pack, book)
            stands(world, send(world, pack, book), pack)
            assert [world.server.count("PUT", f".*/part/{n}") for n in range(5)] == [1, 1, 1, 2, 1]
            assert world.server.count("POST", "/rest/videos") == 2, "one upload, begun and finished once"

    def test_addresses_that_have_run_out_are_replaced(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.LinkedInWorld, part=262_144) as world:
            pack = large(world, tmp_path)
            world.server.fail("PUT", ".*/part/3", cut=1000)
            stopped(world, pack, book)
            world.server.shift = 4000.0
            stands(world, until_settled(world, pack, book, impatient()), pack)

    def test_brackets_and_stars_reach_the_reader(self, tmp_path: Path, book: Path) -> None:
        text = r"Bells (and *cake*) [live] <3 @home {x|y} a_b ~ C:\ #GoodWork #2"
        with worlds.standing(worlds.LinkedInWorld) as world:
            pack = make_pack(tmp_path / "out", "linkedin", text=text)
            assert send(world, pack, book).stands
            assert world.posts()[0].text == text

    def test_a_company_posts_in_its_own_name(self, tmp_path: Path, book: Path) -> None:
        page = "urn:li:organization:42"
        with worlds.standing(worlds.LinkedInWorld, owner=page) as world:
            publisher = world.publisher(author=page, visibility="PUBLIC")
            assert publisher.account().id == page
            assert send(world, large(world, tmp_path, 60_000), book, publisher).stands


@pytest.mark.parametrize("kind", [worlds.InstagramWorld, worlds.FacebookWorld])
class TestMeta:
    def test_an_upload_goes_on_from_what_arrived(
        self, kind: type[worlds.WrittenWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("POST", ".*-upload/.*", cut=500_000)
            stands(world, send(world, pack, book), pack)
            offsets = [a.headers["offset"] for a in world.server.asked if "-upload/" in a.path]
            assert offsets == ["0", "500000"]

    def test_another_process_goes_on_with_the_same_upload(
        self, kind: type[worlds.WrittenWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("POST", ".*-upload/.*", cut=500_000)
            stopped(world, pack, book)
            stands(world, send(world, pack, book), pack)
            assert len(world.server.containers) == 1

    def test_a_day_later_the_upload_begins_anew(
        self, kind: type[worlds.WrittenWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind) as world:
            pack = large(world, tmp_path)
            world.server.fail("POST", ".*-upload/.*", cut=500_000)
            stopped(world, pack, book)
            world.server.shift = 25 * 3600.0
            stands(world, until_settled(world, pack, book, impatient()), pack)
            assert len(world.server.containers) == 2

    def test_the_days_posts_are_used_up_and_it_waits_for_tomorrow(
        self, kind: type[worlds.WrittenWorld], tmp_path: Path, book: Path
    ) -> None:
        with worlds.standing(kind, limit=0) as world:
            pack = large(world, tmp_path, 60_000)
            done = send(world, pack, book, patience=impatient())
            assert done.row.state == "begun"
            assert "30 posts in 24 hours" in done.said or "daily maximum" in done.said
            world.server.limit = 5
            stands(world, send(world, pack, book), pack)


class TestX:
    def test_segments_are_counted_from_nought_and_taken_up(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.XWorld) as world:
            pack = large(world, tmp_path)
            world.server.fail("POST", ".*/append", after=3, cut=1000)
            stopped(world, pack, book)
            stands(world, send(world, pack, book), pack)
            asked = [a.json()["segment_index"] for a in world.server.asked if a.path.endswith("/append") and a.whole]
            assert asked[:6] == [0, 1, 2, 3, 4, 5]
            assert world.server.judged > 10, "the referee saw the requests"

    def test_an_upload_that_has_run_out_begins_anew(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.XWorld) as world:
            pack = large(world, tmp_path)
            world.server.fail("POST", ".*/append", after=3, cut=1000)
            stopped(world, pack, book)
            world.server.media.clear()
            stands(world, until_settled(world, pack, book, impatient()), pack)

    def test_full_hd_is_not_sent_without_premium(self, tmp_path: Path, book: Path) -> None:
        with worlds.standing(worlds.XWorld) as world:
            pack = make_pack(tmp_path / "out", "x")
            video = pack.packed.video.model_copy(update={"width": 1080, "height": 1920})
            pack = make_pack(tmp_path / "out", "x", video=video)
            done = send(world, pack, book)
            assert done.row.state == "refused"
            assert "clipper pack --for x" in done.mend
            assert send(world, pack, tmp_path / "other.sqlite", world.publisher(premium="yes")).stands


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (worlds.TikTokWorld, "frame_rate_check_failed"),
        (worlds.LinkedInWorld, "corrupt media"),
        (worlds.InstagramWorld, "Unsupported codec"),
        (worlds.FacebookWorld, "Unsupported codec"),
        (worlds.XWorld, "file type not supported"),
    ],
)
def test_a_video_that_cannot_be_worked_with_is_told_in_the_networks_words(
    kind: type[worlds.WrittenWorld], ends: str, tmp_path: Path, book: Path
) -> None:
    with worlds.standing(kind, ends=ends) as world:
        done = send(world, large(world, tmp_path, 60_000), book)
        assert done.row.state == "refused"
        assert ends in done.said
        meta = kind in (worlds.InstagramWorld, worlds.FacebookWorld)
        assert not (world.server.media if meta else world.posts())


@pytest.mark.parametrize(
    ("kind", "post", "told"),
    [
        (worlds.LinkedInWorld, "/rest/posts", "does not let this app read your posts"),
        (worlds.XWorld, "/2/tweets", ""),
    ],
)
def test_a_post_that_may_not_be_read_back_is_left_to_a_person(
    kind: type[worlds.WrittenWorld], post: str, told: str, tmp_path: Path, book: Path
) -> None:
    with worlds.standing(kind, reads=False) as world:
        pack = large(world, tmp_path, 60_000)
        world.server.fail("POST", post, mute=True)
        done = until_settled(world, pack, book, impatient())
        assert done.row.state == "unknown"
        assert told in done.said
        assert "--resolve" in done.mend
        assert len(world.posts()) == 1
