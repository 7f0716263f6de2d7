"""Episodes in an S3 store (moto's server): read by an address, brought with what is theirs, a change noticed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clipper.batch.sources import expand
from clipper.episode import store
from clipper.errors import InputError, MissingError
from tests.batch import tiny
from tests.conftest import SAMPLE, Clipper


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A bucket with two episodes: a page with its sound and a cover, and a sound alone in a folder."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    told = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    patch = pytest.MonkeyPatch()
    for name, value in told.items():
        patch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="archive")
    folder = tmp_path_factory.mktemp("store")
    for number in (0, 3):
        tiny.episode(folder, number)
    client.upload_file(str(folder / "ep0.md"), "archive", "show/ep0.md")
    client.upload_file(str(folder / "ep0.mp3"), "archive", "show/ep0.mp3")
    client.upload_file(str(SAMPLE / "cover.jpg"), "archive", "show/cover.jpg")
    client.upload_file(str(folder / "ep3.mp3"), "archive", "show/more/ep1.mp3")
    client.put_object(Bucket="archive", Key="show/README.md", Body=b"# not an episode\n")
    yield client
    patch.undo()
    server.stop()


def test_an_archive_in_a_store_becomes_clips_and_a_changed_page_is_noticed(
    bucket: Any, tmp_path: Path, clipper: Clipper
):
    words = ("batch", "s3://archive/show", "-o", tmp_path / "out", "--json")
    quick = [w for w in tiny.QUICK if w != "--offline"]
    done = clipper(*words, *quick)
    assert done.code == 0, done.err
    rows = {row["name"]: row for row in done.json["episodes"]}
    assert {n: (row["state"], row["clips"]) for n, row in rows.items()} == {"ep0": ("done", 1), "ep1": ("done", 1)}
    assert rows["ep0"]["title"] == "Episode 0"
    assert "cover.jpg" in (tmp_path / "out" / "ep0" / "clips.yaml").read_text(encoding="utf-8")
    again = clipper(*words, *quick)
    assert {row["state"] for row in again.json["episodes"]} == {"unchanged"}
    body = bucket.get_object(Bucket="archive", Key="show/ep0.md")["Body"].read()
    bucket.put_object(Bucket="archive", Key="show/ep0.md", Body=body.replace(b"Episode 0", b"Bells"))
    third = clipper(*words, *quick)
    rows = {row["name"]: row for row in third.json["episodes"]}
    assert {name: row["state"] for name, row in rows.items()} == {"ep0": "done", "ep1": "unchanged"}
    assert rows["ep0"]["title"] == "Bells"


def test_a_pattern_and_one_name_stand_for_what_they_match(bucket: Any):
    assert [item.source for item in expand(["s3://archive/show/*.mp3"])[0]] == ["s3://archive/show/ep0.mp3"]
    assert [item.name for item in expand(["s3://archive/show/more/ep1.mp3"])[0]] == ["ep1"]


def test_what_is_not_there_or_not_for_us_is_said_in_a_producers_words(bucket: Any, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(InputError, match="nothing lies at s3://archive/nothing"):
        expand(["s3://archive/nothing"])
    with pytest.raises(MissingError, match="clipper is offline"):
        store.bring("s3://archive/show/ep0.md", offline=True)
    with pytest.raises(MissingError, match="smb:// is not understood here"):
        store.entries("smb://server/share")
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()  # a process keeps its connection
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(MissingError, match="cannot be fetched"):
        store.entries("s3://archive/show")
    S3FileSystem.clear_instance_cache()


def test_a_page_cannot_name_a_store(bucket: Any, tmp_path: Path, clipper: Clipper):
    page = tmp_path / "page.md"
    page.write_text("---\naudio: s3://archive/show/ep0.mp3\ncover: s3://archive/show/cover.jpg\n---\n# A page\n")
    done = clipper("make", page, "-o", tmp_path / "out")
    assert done.code == 3
    assert "only http and https are fetched" in done.err
    assert os.environ["AWS_ENDPOINT_URL"]
