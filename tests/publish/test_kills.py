"""kill -9 between any two requests and in mid-video: in the end each clip stands once, by the server's own count."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.publish.base import Pack
from tests.publish import worlds
from tests.publish.killed import Errand, Killer, spread
from tests.publish.packs import make_pack
from tests.publish.suite import hurried, until_settled

MOMENTS = 12  # of each network's run
SIZE = 700_000


def prepared(world: worlds.WrittenWorld) -> None:
    """The server as at first, with parts of a size that the video has several of."""
    world.reset()
    for name, value in {"part": 200_000, "least_chunk": 100_000, "referee": ""}.items():
        if hasattr(world.server, name):
            setattr(world.server, name, value)


def sent(world: worlds.WrittenWorld, pack: Pack, book: Path, killer: Killer) -> None:
    """A run in a process of its own, with a server that ends it where `killer` says."""
    prepared(world)
    address = world.public(pack) if world.network == "threads" else ""
    world.server.moment = killer
    process = Errand(world.network, world.values(), pack.folder, book, address).start()
    killer.aim(process.pid or 0)
    process.join(60)
    assert process.exitcode is not None, "it hangs"
    assert process.exitcode in (0, -9), process.exitcode
    world.server.moment = lambda where: None


@pytest.mark.parametrize("kind", worlds.NETWORKS, ids=lambda kind: kind.network)
def test_a_run_that_was_killed_at_any_moment_posts_once_in_the_end(
    kind: type[worlds.WrittenWorld], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.small_parts(monkeypatch)
    with worlds.standing(kind) as world:
        world.straight = True
        pack = make_pack(tmp_path / "out", world.platform, size=SIZE)
        whole = Killer()
        sent(world, pack, tmp_path / "plain.sqlite", whole)
        assert len(world.posts()) == 1
        for at in spread(whole.count, MOMENTS):
            killer = Killer(at)
            book = tmp_path / f"{at}.sqlite"
            sent(world, pack, book, killer)
            assert killer.where, f"moment {at} never came"
            before = len(world.posts())
            done = until_settled(world, pack, book, hurried())
            assert done.stands, (killer.where, done.row.state, done.said)
            (post,) = world.posts()
            assert before <= 1
            assert post.video == pack.video.read_bytes(), killer.where
