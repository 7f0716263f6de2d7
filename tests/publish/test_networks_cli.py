"""The seven networks from the command line, as a producer has them: variables, a table, a post, the ledger."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clipper
from tests.publish import worlds
from tests.publish.packs import make_pack
from tests.publish.test_places import S3World, SftpWorld
from tests.publish.test_webdav import WebDavWorld
from tests.publish.world import SECRET, World

EVERYBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::clips/*"}
        ],
    }
)


@pytest.fixture
def all_worlds() -> Iterator[list[worlds.WrittenWorld]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(worlds.standing(kind)) for kind in worlds.NETWORKS]


def variables(*some: World) -> dict[str, str]:
    """The accounts as environment variables."""
    return {
        f"CLIPPER_{world.network}_{name}".upper(): value
        for world in some
        for name, value in world.values().items()
        if value
    }


def test_all_seven_are_posted_by_one_command_once(
    all_worlds: list[worlds.WrittenWorld], clipper: Clipper, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    packs = {world.network: make_pack(out, world.platform) for world in all_worlds}
    for world in all_worlds:
        if hasattr(world.server, "referee"):
            world.server.referee = ""
    dav = WebDavWorld()
    dav.start()
    try:
        dav.reset()
        with worlds.Files() as files:
            said = variables(*all_worlds, dav) | {"CLIPPER_LEDGER": str(tmp_path / "ledger.sqlite")}
            said["CLIPPER_WEBDAV_ADDRESS"] = files.folder(dav.root / "clips")
            to = ",".join(packs)

            told = clipper("publish", out, "--to", to, "--dry-run", **said)
            assert told.code == 0, told.err
            for label in ("YouTube", "X", "TikTok", "Instagram", "Facebook", "LinkedIn", "Threads"):
                assert label in told.out
            assert "video/init" in told.out
            assert not any(world.server.asked for world in all_worlds), "a dry run asks nobody"

            for number in range(2):
                done = clipper("publish", out, "--to", to, "--through", "webdav", "--yes", **said)
                assert done.code == 0, (number, done.out, done.err)
                assert [len(world.posts()) for world in all_worlds] == [1] * 7
            listed = clipper("posts", "--json", **said)
            assert {row["network"] for row in rows(listed.json)} >= set(packs)
            for text in (told.out, told.err, done.out, done.err, listed.out):
                assert SECRET not in text

            key = next(row["key"] for row in rows(listed.json) if row["network"] == "linkedin")
            gone = clipper("unpublish", key, "--yes", **said)
            assert gone.code == 0, gone.err
            assert next(w for w in all_worlds if w.network == "linkedin").posts() == []
    finally:
        for proxy in dav.proxies:
            proxy.close()
        dav.stop()


@pytest.mark.parametrize("place", ["s3", "sftp"])
def test_a_network_that_fetches_gets_its_address_from_any_place(place: str, clipper: Clipper, tmp_path: Path) -> None:
    """Through a bucket and an SFTP folder, each at its public address: the file lies there once, Threads has it."""
    out = tmp_path / "out"
    pack = make_pack(out, "threads")
    with contextlib.ExitStack() as stack:
        threads = stack.enter_context(worlds.standing(worlds.ThreadsWorld))
        there = {"s3": S3World, "sftp": SftpWorld}[place]()
        there.start()
        stack.callback(there.stop)
        there.reset()
        said = variables(threads, there) | {"CLIPPER_LEDGER": str(tmp_path / "ledger.sqlite")}
        if isinstance(there, SftpWorld):
            files = stack.enter_context(worlds.Files())
            said["CLIPPER_SFTP_ADDRESS"] = files.folder(there.root / "clips")
        else:
            assert isinstance(there, S3World)
            there.client.put_bucket_policy(Bucket="clips", Policy=EVERYBODY)
            said["CLIPPER_S3_ADDRESS"] = f"{there.address}/clips/show"
        for _ in range(2):
            done = clipper("publish", out, "--to", "threads", "--through", place, "--yes", **said)
            assert done.code == 0, (done.out, done.err)
            (post,), (file,) = threads.posts(), there.posts()
            assert post.video == file.video == pack.video.read_bytes()
        assert SECRET not in done.out + done.err
        listed = rows(clipper("posts", "--json", **said).json)
        assert {(row["network"], row["state"]) for row in listed} == {("threads", "posted"), (place, "posted")}


def rows(said: Any) -> list[dict[str, Any]]:
    """The list in an answer, whatever stands around it."""
    found = said if isinstance(said, list) else next(v for v in said.values() if isinstance(v, list))
    return list(found)


def test_a_client_that_is_not_installed_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from clipper.errors import MissingError
    from clipper.publish import networks
    from clipper.publish.credentials import Credentials

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for name in ("youtube", "x"):
        with pytest.raises(MissingError) as caught:
            networks.publisher(Credentials(networks.kind(name), {"token": "t"}))
        assert caught.value.mend == f"pip install 'clipper[{name}]'"


def test_clients_are_loaded_only_when_they_are_used() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from clipper.publish import networks; networks.kinds();"
        "print([m for m in ('googleapiclient', 'xdk', 'httpx', 'requests') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
