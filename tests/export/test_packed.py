"""A pack's manifest: what was written is read back; what is damaged or leads outside is refused in two lines."""

import datetime
import hashlib
import json
from pathlib import Path

import pytest

from clipper.errors import InputError
from clipper.export.packed import MANIFEST, Packed, PackedVideo, read_packed, verify, write_packed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = b"not a film, but bytes"
    (tmp_path / "video.mp4").write_bytes(data)
    video = PackedVideo(
        name="video.mp4", sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), kind="video/mp4",
        width=1080, height=1920, seconds=30.0, fps=30.0,
    )  # fmt: skip
    made = datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC)
    write_packed(
        tmp_path, Packed(platform="bluesky", clip="c1", content="0" * 64, made=made, title="A", text="A", video=video)
    )
    return tmp_path


def test_what_was_packed_is_read_back(folder: Path):
    packed = read_packed(folder)
    verify(folder, packed)
    assert (packed.platform, packed.clip, packed.video.width) == ("bluesky", "c1", 1080)


@pytest.mark.parametrize("name", ["../video.mp4", "/etc/passwd", ".hidden", "-rf", "a/b.mp4", "a\nb.mp4", ""])
def test_a_file_outside_the_pack_is_refused(folder: Path, name: str):
    data = json.loads((folder / MANIFEST).read_text())
    data["video"]["name"] = name
    (folder / MANIFEST).write_text(json.dumps(data))
    with pytest.raises(InputError, match=r"video\.name"):
        read_packed(folder)


def test_a_link_in_place_of_a_file_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    other = tmp_path_factory.mktemp("other") / "video.mp4"
    (folder / "video.mp4").rename(other)
    (folder / "video.mp4").symlink_to(other)
    with pytest.raises(InputError, match="missing or was changed"):
        read_packed(folder)


def test_changed_bytes_are_noticed(folder: Path):
    packed = read_packed(folder)
    (folder / "video.mp4").write_bytes(b"x" * packed.video.bytes)
    with pytest.raises(InputError, match="changed since"):
        verify(folder, packed)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2}', "\x00", "{" * 5000])
def test_a_damaged_manifest_is_refused(folder: Path, text: str):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(InputError) as error:
        read_packed(folder)
    assert MANIFEST in error.value.message
    assert error.value.mend
