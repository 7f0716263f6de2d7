"""What every publisher must do, against its own server. A network's tests are a `class TestX(PublisherSuite)`
with a world.

Each test sends through proxies that can break the line, and believes only the server's own count.
"""

from __future__ import annotations

import gc
import json
import logging
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from clipper.publish.base import Limits, Pack, Publisher
from clipper.publish.errors import Later, PublishError, Unauthorised
from clipper.publish.ledger import Ledger
from clipper.publish.patience import Patience
from clipper.publish.runner import Outcome, Sender
from tests.publish.packs import make_pack
from tests.publish.proxy import Proxy, Seen, cut_after, cut_before, cut_within, endless, says
from tests.publish.world import SECRET, World, hurried


class Stopped(BaseException):
    """The program ends here, as if it were killed."""


class PublisherSuite:
    """Attributes:
    World: makes the server; one for all tests of the class.
    """

    World: ClassVar[type[World]]

    @pytest.fixture(scope="class")
    @classmethod
    def running(cls) -> Iterator[World]:
        world = cls.World()
        world.start()
        try:
            yield world
        finally:
            world.stop()

    @pytest.fixture
    def world(self, running: World) -> World:
        running.reset()
        running.clear()
        return running

    @pytest.fixture
    def pack(self, world: World, tmp_path: Path) -> Pack:
        return make_pack(tmp_path / "out", world.platform)

    @pytest.fixture
    def book(self, tmp_path: Path) -> Path:
        """Where the ledger is."""
        return tmp_path / "ledger.sqlite"

    # the plain way

    def test_a_clip_stands_with_all_that_belongs_to_it(self, world: World, pack: Pack, book: Path) -> None:
        done = send(world, pack, book)
        assert done.stands, done.said
        assert done.sent
        (post,) = world.posts()
        packed = pack.packed
        if post.text is not None:
            assert post.text.strip() == packed.text
        if post.alt is not None:
            assert post.alt == packed.alt
        if post.video is not None:
            assert post.video == pack.video.read_bytes()
        if post.captions is not None:
            assert b"The strangest thing" in post.captions
        assert done.row.remote_id

    def test_a_second_run_sends_nothing(self, world: World, pack: Pack, book: Path) -> None:
        first = send(world, pack, book)
        world.clear()
        again = send(world, pack, book)
        assert again.stands
        assert not again.sent
        assert again.row == first.row
        assert world.seen_changes() <= logins(world), "only a login may have been sent"
        assert len(world.posts()) == 1

    def test_two_clips_are_two_posts(self, world: World, tmp_path: Path, book: Path) -> None:
        packs = [make_pack(tmp_path / "out", world.platform, n) for n in (1, 2)]
        done = [send(world, p, book) for p in packs]
        assert all(d.stands for d in done)
        assert done[0].row.remote_id != done[1].row.remote_id
        assert len(world.posts()) == 2

    def test_the_dry_run_tells_the_very_requests(self, world: World, pack: Pack, book: Path) -> None:
        publisher = world.publisher()
        told = publisher.dry_run(pack)
        assert world.seen_changes() == 0, "a dry run asks nobody anything"
        assert SECRET not in repr(told)
        publisher.account()
        world.clear()
        assert send(world, pack, book, publisher).stands
        if not world.has_http:
            return
        want = [f"{r.method} {pattern_of(r.url)}" for r in told for _ in range(r.parts)]
        got = [f"{s.method} {s.path.split('?')[0]}" for p in world.proxies for s in p.changes if not is_login(s)]
        assert len(got) == len(want), (want, got)
        for pattern in want:
            fitting = next((g for g in got if re.fullmatch(pattern, g)), None)
            assert fitting is not None, (pattern, got)
            got.remove(fitting)
        told_bytes = sum(r.bytes for r in told)
        assert told_bytes >= pack.packed.video.bytes
        texts = " ".join(v for r in told for v in r.fields.values())
        (post,) = world.posts()
        assert post.text is None or pack.packed.text in texts
        assert post.alt is None or pack.packed.alt in texts

    def test_who_posts_is_asked_of_the_network(self, world: World) -> None:
        account = world.publisher().account()
        assert all((account.id, account.name, account.audience))
        assert account == world.publisher().account()

    def test_what_was_posted_can_be_taken_back(self, world: World, pack: Pack, book: Path) -> None:
        done = send(world, pack, book)
        publisher = world.publisher()
        posted = posted_of(done)
        if not publisher.kind.unpublishes:
            with pytest.raises(PublishError):
                publisher.delete(posted)
            return
        publisher.delete(posted)
        assert world.posts() == []
        publisher.delete(posted)  # gone already is fine

    # faults

    def test_an_answer_that_gets_lost_never_makes_a_second_post(self, world: World, pack: Pack, tmp_path: Path) -> None:
        for place, number in requests_of(world, pack, tmp_path):
            self._with_a_fault(world, pack, tmp_path, place, number, "after")

    def test_a_request_that_gets_lost_is_made_up_for(self, world: World, pack: Pack, tmp_path: Path) -> None:
        for place, number in requests_of(world, pack, tmp_path):
            self._with_a_fault(world, pack, tmp_path, place, number, "before")

    def test_a_line_cut_in_the_middle_of_the_video_is_made_up_for(
        self, world: World, pack: Pack, tmp_path: Path
    ) -> None:
        if not world.has_http:
            return
        for place, number in requests_of(world, pack, tmp_path, with_body=10_000):
            self._with_a_fault(world, pack, tmp_path, place, number, "within")

    def _with_a_fault(self, world: World, pack: Pack, tmp_path: Path, place: int, number: int, how: str) -> None:
        world.reset()
        world.clear()
        action = {"after": cut_after, "before": cut_before, "within": cut_within(5_000)}[how]
        world.proxies[place].rule("", action, number)
        book = tmp_path / f"{how}-{place}-{number}.sqlite"
        done = until_settled(world, pack, book, impatient())
        label = f"cut {how} request {number} of proxy {place}: {done.row.state} {done.said}"
        if done.stands or world.certain:
            assert done.stands, label
            assert len(world.posts()) == 1, label
        else:
            assert done.row.state == "unknown", label
            assert len(world.posts()) <= 1, label

    def test_stopped_between_any_two_requests_it_goes_on_from_there(
        self, world: World, pack: Pack, tmp_path: Path
    ) -> None:
        for place, number in requests_of(world, pack, tmp_path):
            world.reset()
            world.clear()
            book = tmp_path / f"stop-{place}-{number}.sqlite"
            world.proxies[place].rule("", cut_after, number)
            patience = Patience(sleep=stop)
            try:
                with Ledger(book) as ledger:
                    publisher = world.publisher(patience)
                    Sender(ledger, patience, public=world.public).send(publisher, publisher.account(), pack)
            except (Stopped, PublishError):
                pass
            done = until_settled(world, pack, book, impatient())
            if done.stands or world.certain:
                assert done.stands, (number, done.said)
                assert len(world.posts()) == 1
            else:
                assert done.row.state == "unknown"
                assert len(world.posts()) <= 1

    @pytest.mark.parametrize("answer", ["429 with", "429 without", "503"])
    def test_a_busy_server_is_waited_for(self, world: World, pack: Pack, book: Path, answer: str) -> None:
        if not world.has_http:
            return
        headers = {"Retry_After": "7"} if answer == "429 with" else {}
        waited: list[float] = []
        patience = Patience(sleep=waited.append, budget=1000)
        for proxy in world.proxies:
            proxy.rule("POST|PUT|MKCOL", says(int(answer[:3]), **headers), 0)
        with Ledger(book) as ledger:
            publisher = world.publisher(patience)
            done = Sender(ledger, patience, public=world.public).send(publisher, publisher.account(), pack)
        assert done.stands, done.said
        assert len(world.posts()) == 1
        assert waited
        if answer == "429 with":
            assert 7 in waited

    def test_a_server_that_asks_for_an_hour_is_left_alone(self, world: World, pack: Pack, book: Path) -> None:
        if not world.has_http:
            return
        publisher = world.publisher(Patience(budget=10, sleep=lambda s: None))
        account = publisher.account()
        for proxy in world.proxies:
            proxy.rule("POST|PUT|MKCOL", says(429, Retry_After="3600"), None)
        with Ledger(book) as ledger:
            done = Sender(ledger, Patience(budget=10, sleep=lambda s: None), public=world.public).send(
                publisher, account, pack
            )
        assert not done.stands
        assert "60 min" in done.said
        assert world.posts() == []
        world.clear()
        assert until_settled(world, pack, book, hurried()).stands
        assert len(world.posts()) == 1

    def test_a_login_that_is_not_accepted_names_the_command(self, world: World, pack: Pack, book: Path) -> None:
        if not world.has_http:
            return
        for proxy in world.proxies:
            proxy.rule("", says(401, b'{"message":"token expired"}'), None)
        with pytest.raises(Unauthorised) as caught:
            send(world, pack, book)
        assert caught.value.mend.startswith(f"clipper login {world.network}")
        assert SECRET not in "".join(traceback.format_exception(caught.value))

    def test_what_the_network_refuses_is_final_in_its_own_words(self, world: World, tmp_path: Path, book: Path) -> None:
        if type(world).refusal is None:
            return
        changes, words = type(world).refusal  # type: ignore[misc]
        refused = make_pack(tmp_path / "out", world.platform, **changes)
        publisher = world.publisher()
        publisher.limits = Limits  # type: ignore[method-assign]  # as if the server took less than anybody knew
        done = send(world, refused, book, publisher)
        assert done.row.state == "refused"
        assert re.search(words, done.said), done.said
        assert world.posts() == []
        world.clear()
        again = send(world, refused, book)
        assert again.said == done.said
        assert world.seen_changes() <= logins(world)
        better = make_pack(tmp_path / "out", world.platform)
        assert send(world, better, book).stands
        assert len(world.posts()) == 1

    def test_words_over_the_limit_are_refused_before_a_byte_goes(
        self, world: World, tmp_path: Path, book: Path
    ) -> None:
        limits = world.publisher().limits()
        for name, fact in (("text", limits.text), ("title", limits.title), ("alt", limits.alt)):
            if fact is None or fact.limit is None:
                continue
            world.clear()
            long = make_pack(tmp_path / "out", world.platform, **{name: "a" * (fact.limit + 1)})
            done = send(world, long, book)
            assert done.row.state == "refused"
            assert f"at most {fact.limit} " in done.said
            assert done.said.endswith(f"this one has {fact.limit + 1}")
            assert "pack again" in done.mend
            assert world.seen_changes() <= logins(world)
            assert world.posts() == []
            fits = make_pack(tmp_path / "out", world.platform, **{name: "a" * fact.limit})
            assert send(world, fits, book).stands
            world.reset()
            book = book.with_name(f"after-{name}.sqlite")

    # security

    def test_no_secret_is_in_what_is_written_or_said(
        self, world: World, pack: Pack, tmp_path: Path, book: Path, caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        caplog.set_level(logging.DEBUG)
        publisher = world.publisher()
        assert SECRET not in repr(publisher) + repr(vars(publisher)) + str(world.credentials())
        done = send(world, pack, book, publisher)
        assert done.stands
        said = capfd.readouterr()
        assert SECRET not in caplog.text + said.out + said.err + repr(done)
        for path in tmp_path.rglob("*"):
            if path.is_file():
                assert SECRET.encode() not in path.read_bytes(), path

    def test_a_redirect_to_another_host_gets_no_token(self, world: World, pack: Pack, book: Path) -> None:
        if not world.has_http:
            return
        publisher = world.publisher(impatient())
        account = publisher.account()
        thief = Proxy("http://127.0.0.1:9")
        thief.rule("", says(200, b"{}"), None)
        try:
            for proxy in world.proxies:
                proxy.rule("", says(307, Location=thief.address.replace("127.0.0.1", "localhost") + "/steal"), None)
            with Ledger(book) as ledger:
                try:
                    done = Sender(ledger, impatient(), public=world.public).send(publisher, account, pack)
                except PublishError:
                    done = None
            assert done is None or not done.stands
            for seen in thief.seen:
                assert SECRET not in json.dumps(seen.headers) + seen.path
                assert "authorization" not in seen.headers
                assert seen.body == b""
        finally:
            thief.close()

    def test_an_answer_of_ten_gigabytes_is_not_swallowed(self, world: World, pack: Pack, book: Path) -> None:
        if not world.has_http:
            return
        for proxy in world.proxies:
            proxy.rule("", endless, None)
        with pytest.raises(PublishError, match="MB"):
            send(world, pack, book)
        gc.collect()


def impatient() -> Patience:
    """Gives up after the second try, without waiting."""
    return Patience(tries=2, budget=50.0, sleep=lambda seconds: None)


def stop(seconds: float) -> None:
    raise Stopped


def send(
    world: World, pack: Pack, book: Path, publisher: Publisher | None = None, patience: Patience | None = None
) -> Outcome:
    """One run of the program, as far as one clip is concerned."""
    patience = patience or hurried()
    publisher = publisher or world.publisher(patience)
    with Ledger(book) as ledger:
        return Sender(ledger, patience, public=world.public).send(publisher, publisher.account(), pack)


def until_settled(world: World, pack: Pack, book: Path, patience: Patience, runs: int = 5) -> Outcome:
    """Runs again, as a producer would, until it stands, is refused, or somebody must look."""
    done = None
    for _ in range(runs):
        try:
            done = send(world, pack, book, patience=Patience(patience.tries, patience.budget, sleep=patience.sleep))
        except Later:
            continue
        if done.row.state in ("posted", "refused", "unknown"):
            break
    assert done is not None
    return done


def requests_of(world: World, pack: Pack, tmp_path: Path, with_body: int = 0) -> list[tuple[int, int]]:
    """Every request of a plain run as (proxy, number); with `with_body` only those with a body of that size."""
    if not world.has_http:
        return []
    assert send(world, pack, tmp_path / "plain.sqlite").stands
    found = [
        (place, number)
        for place, proxy in enumerate(world.proxies)
        for number, seen in enumerate(proxy.seen)
        if len(seen.body) >= with_body
    ]
    assert found
    return found[:: world.thin]


def posted_of(done: Outcome):  # type: ignore[no-untyped-def]
    from clipper.publish.base import Posted

    return Posted(done.row.remote_id, done.row.url)


def pattern_of(url: str) -> str:
    """A pattern for the path of an address in a dry run, with what the server decides left open."""
    path = "/" + url.split("://", 1)[-1].partition("/")[2].split("?")[0]
    return re.sub(r"\\\{[^{}]*\\\}", ".+", re.escape(path))


def is_login(seen: Seen) -> bool:
    """Requests for a session or a token post nothing."""
    return bool(re.search(r"createSession|refreshSession|oauth|token", seen.path.split("?")[0]))


def logins(world: World) -> int:
    return sum(1 for p in world.proxies for s in p.changes if is_login(s))
