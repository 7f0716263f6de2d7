"""A ledger put back from its backup, or a clock that is wrong: what stands is found again, nothing is sent twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from clipper.publish.ledger import Ledger
from tests.publish import worlds
from tests.publish.packs import make_pack
from tests.publish.suite import send


def forgetful(book: Path) -> Path:
    """A ledger that knows of itself that it is a backup, and of no post."""
    with Ledger(book) as ledger:
        ledger.keep_backup()
        backup = ledger.backup_path
    sqlite3.connect(backup).close()
    backup.replace(book)
    return book


@pytest.mark.parametrize("kind", worlds.NETWORKS, ids=lambda kind: kind.network)
class TestLost:
    def test_what_a_lost_ledger_knew_is_looked_for_at_the_network(
        self, kind: type[worlds.WrittenWorld], tmp_path: Path
    ) -> None:
        with worlds.standing(kind) as world:
            packs = [make_pack(tmp_path / "out", world.platform, n) for n in (1, 2)]
            first = send(world, packs[0], tmp_path / "ledger.sqlite")
            assert first.stands
            book = forgetful(tmp_path / "restored.sqlite")
            again = send(world, packs[0], book)
            assert len(world.posts()) == 1
            if world.network == "tiktok":
                assert again.row.state == "unknown"
                assert "look for it in the app" in again.said
                return
            assert again.stands, again.said
            assert again.row.remote_id == first.row.remote_id
            other = send(world, packs[1], book)
            assert other.stands
            assert len(world.posts()) == 2, "another clip is no other's"

    @pytest.mark.parametrize("hours", [-2, 2])
    def test_a_clock_that_is_two_hours_off_changes_nothing(
        self, kind: type[worlds.WrittenWorld], hours: int, tmp_path: Path
    ) -> None:
        with worlds.standing(kind) as world:
            world.server.shift = hours * 3600.0
            pack = make_pack(tmp_path / "out", world.platform)
            # the answer to the last change is lost: it has to be found again
            assert send(world, pack, tmp_path / "plain.sqlite").stands
            changes = [a for a in world.server.asked if a.method in ("POST", "PUT")]
            world.reset()
            world.server.shift = hours * 3600.0
            world.server.fail(changes[-1].method, changes[-1].path, mute=True)
            done = send(world, pack, tmp_path / "ledger.sqlite")
            assert done.stands, done.said
            assert len(world.posts()) == 1
