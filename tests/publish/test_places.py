"""SFTP against asyncssh's server, S3 against moto: the shared suite, and what is their own."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clipper.publish.base import Job
from clipper.publish.errors import Later, PublishError, Unauthorised
from clipper.publish.ledger import Ledger
from clipper.publish.networks.sftp import fingerprint
from tests.publish.packs import make_pack
from tests.publish.proxy import Proxy, cut_before, says
from tests.publish.suite import PublisherSuite, impatient, send, until_settled
from tests.publish.world import SECRET, Standing, World


class SftpWorld(World):
    """A real SSH server in a thread; the count is of its folder on the disk."""

    network = "sftp"
    platform = "mastodon"
    has_http = False

    def start(self) -> None:
        import asyncssh

        self.root = Path(tempfile.mkdtemp(prefix="sftp-"))
        self.loop = asyncio.new_event_loop()
        self.cut_at: int | None = None
        world = self

        class Server(asyncssh.SSHServer):
            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                return (username, password) == ("ada", SECRET)

        class Files(asyncssh.SFTPServer):
            def __init__(self, channel: Any) -> None:
                super().__init__(channel, chroot=str(world.root).encode())

            async def write(self, file: Any, offset: int, data: bytes) -> int:
                if world.cut_at is not None and offset >= world.cut_at:
                    world.cut_at = None
                    self.connection.abort()  # the line breaks in the middle of a file
                    raise ConnectionError
                return super().write(file, offset, data)

        key = asyncssh.generate_private_key("ssh-ed25519")
        self.fingerprint = key.get_fingerprint()

        async def serve() -> Any:
            return await asyncssh.create_server(
                Server, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=Files, allow_scp=False
            )

        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.server = asyncio.run_coroutine_threadsafe(serve(), self.loop).result(20)
        self.port = self.server.get_port()

    def stop(self) -> None:
        async def end() -> None:
            self.server.close()
            mine = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not mine]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        shutil.rmtree(self.root)

    def reset(self) -> None:
        self.cut_at = None
        shutil.rmtree(self.root / "clips", ignore_errors=True)
        (self.root / "clips").mkdir()

    def values(self) -> dict[str, str]:
        return {
            "host": f"127.0.0.1:{self.port}",
            "user": "ada",
            "password": SECRET,
            "folder": "/clips/",
            "fingerprint": self.fingerprint,
            "address": "https://files.example/clips",
        }

    def posts(self) -> list[Standing]:
        return on_the_disk(self.root)


def on_the_disk(root: Path) -> list[Standing]:
    return [
        Standing(str(p), video=(p.parent / "clip.mp4").read_bytes(), captions=(p.parent / "captions.vtt").read_bytes())
        for p in sorted(root.rglob("manifest.json"))
    ]


class TestSftp(PublisherSuite):
    World = SftpWorld

    def test_a_broken_off_file_is_taken_up_where_it_broke_off(self, world: SftpWorld, tmp_path: Path) -> None:
        pack = make_pack(tmp_path, "mastodon", size=9_000_000)
        world.cut_at = 6_000_000
        publisher = world.publisher()
        with Ledger(tmp_path / "book") as ledger:
            account = publisher.account()
            row = ledger.begin(ledger.intend(pack, "sftp", account).key, pack)
            with pytest.raises(Later):
                publisher.publish(Job(row.key, pack, account, ledger.steps(row.key)))
            sent: list[float] = []
            publisher.publish(
                Job(
                    row.key,
                    pack,
                    account,
                    ledger.steps(row.key),
                    progress=lambda s, done, total, n="": sent.append(done),
                )
            )
        assert sent[0] > 8_000_000, "it began anew"
        assert world.posts()[0].video == pack.video.read_bytes()

    def test_a_server_with_another_key_gets_no_password(self, world: SftpWorld) -> None:
        with pytest.raises(PublishError, match="not the known one"):
            world.publisher(fingerprint="SHA256:" + "a" * 43).account()

    def test_an_unknown_server_is_named_with_its_key(
        self, world: SftpWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        with pytest.raises(PublishError) as caught:
            world.publisher(fingerprint="").account()
        assert world.fingerprint in caught.value.message

    def test_a_wrong_password_names_the_command(self, world: SftpWorld) -> None:
        with pytest.raises(Unauthorised) as caught:
            world.publisher(password="wrong").account()
        assert caught.value.mend == "clipper login sftp"

    def test_the_public_address_is_the_videos(self, world: SftpWorld, tmp_path: Path) -> None:
        done = send(world, make_pack(tmp_path, "mastodon"), tmp_path / "book")
        assert done.row.url.startswith("https://files.example/clips/mastodon/01-a-bell-1-")
        assert done.row.url.endswith("/clip.mp4")


def test_a_fingerprint_is_written_as_ssh_keygen_writes_it():
    import asyncssh

    key = asyncssh.generate_private_key("ssh-ed25519")
    assert fingerprint(key.public_data) == key.get_fingerprint()


class S3World(World):
    """moto's server; the count is what it lists."""

    network = "s3"
    platform = "mastodon"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.address = f"http://{host}:{port}"
        self.proxies = [Proxy(self.address)]
        import boto3

        self.client = boto3.client(
            "s3", endpoint_url=self.address, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        self.client.create_bucket(Bucket="clips")

    def stop(self) -> None:
        super().stop()
        self.server.stop()

    def reset(self) -> None:
        for found in self.client.list_objects_v2(Bucket="clips").get("Contents", []):
            self.client.delete_object(Bucket="clips", Key=found["Key"])
        for upload in self.client.list_multipart_uploads(Bucket="clips").get("Uploads", []):
            self.client.abort_multipart_upload(Bucket="clips", Key=upload["Key"], UploadId=upload["UploadId"])

    @contextmanager
    def guarded(self) -> Iterator[dict[str, str]]:
        """From now on keys and rights count, as on a real service; gives a key that may only look."""
        import boto3
        import httpx

        iam = boto3.client(
            "iam", endpoint_url=self.address, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        iam.create_user(UserName="reader")
        row = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
        text = json.dumps({"Version": "2012-10-17", "Statement": [row]})
        iam.put_user_policy(UserName="reader", PolicyName="look", PolicyDocument=text)
        made = iam.create_access_key(UserName="reader")["AccessKey"]
        httpx.post(f"{self.address}/moto-api/reset-auth", content=b"0").raise_for_status()
        try:
            yield {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}
        finally:
            httpx.post(f"{self.address}/moto-api/reset-auth", content=b"inf").raise_for_status()

    def values(self) -> dict[str, str]:
        return {"bucket": "clips", "key": "ada", "secret": SECRET, "endpoint": self.proxy.address, "folder": "show"}

    def object(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket="clips", Key=key)["Body"].read())

    def posts(self) -> list[Standing]:
        keys = [f["Key"] for f in self.client.list_objects_v2(Bucket="clips").get("Contents", [])]
        folders = [k.removesuffix("manifest.json") for k in keys if k.endswith("manifest.json")]
        return [
            Standing(f, video=self.object(f + "clip.mp4"), captions=self.object(f + "captions.vtt")) for f in folders
        ]


class TestS3(PublisherSuite):
    World = S3World

    def test_a_large_file_goes_in_parts_and_is_taken_up(
        self, world: S3World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pack = make_pack(tmp_path, "mastodon", size=18_000_000)
        world.proxy.rule(r"^PUT .*partNumber=3", cut_before, None)
        book = tmp_path / "book"
        assert not send(world, pack, book, patience=impatient()).stands
        world.clear()
        assert until_settled(world, pack, book, impatient()).stands
        again = [s.path for s in world.proxy.seen if "partNumber=" in s.path]
        assert len(again) == 1, again
        assert "partNumber=3" in again[0]
        assert world.posts()[0].video == pack.video.read_bytes()

    def test_files_bear_their_types(self, world: S3World, tmp_path: Path) -> None:
        send(world, make_pack(tmp_path, "mastodon"), tmp_path / "book")
        (post,) = world.posts()
        head = world.client.head_object(Bucket="clips", Key=post.id + "clip.mp4")
        assert head["ContentType"] == "video/mp4"

    def test_why_it_says_no_is_told_apart(self, world: S3World, tmp_path: Path) -> None:
        """A key that nobody has, another's secret, and a key that may look but not write: each has its own mend."""
        with world.guarded() as reader:
            with pytest.raises(Unauthorised, match="does not know the access key id") as nobody:
                world.publisher(key="AKIA" + "NOBODY" * 2, secret=reader["secret"]).account()
            assert nobody.value.mend == "clipper login s3"
            with pytest.raises(Unauthorised, match="secret does not belong to the access key id"):
                world.publisher(key=reader["key"], secret="another" + SECRET).account()
            may_look = world.publisher(**reader)
            with pytest.raises(Unauthorised, match="knows the key, but it may not do this in clips") as denied:
                send(world, make_pack(tmp_path, "mastodon"), tmp_path / "book", may_look)
            assert "s3:PutObject" in denied.value.mend
            with Ledger(tmp_path / "book") as ledger:
                assert ledger.rows()[0].state == "begun", "once the right is given, it goes on"

    def test_a_wrong_clock_is_told_as_such(self, world: S3World) -> None:
        said = b"<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>"
        world.proxy.rule("", says(403, said, Content_Type="application/xml"), None)
        with pytest.raises(PublishError, match="this machine's clock is wrong") as caught:
            world.publisher().account()
        assert "set the clock" in caught.value.mend

    def test_a_bucket_that_is_not_there_is_named(self, world: S3World) -> None:
        with pytest.raises(PublishError, match="NoSuchBucket"):
            world.publisher(bucket="another").account()
