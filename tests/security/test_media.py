"""A stranger's media: a playlist, a script or an address inside a file reaches nothing; names are names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from clipper.cli.app import run
from clipper.errors import ClipperError, InputError
from clipper.media import ffmpeg, probe_sound
from clipper.picture.cover import open_cover
from clipper.sound.stream import pieces
from tests.batch import tiny
from tests.conftest import SAMPLE, Clipper
from tests.episode.web import running


def tricks(secret: Path, address: str) -> dict[str, str]:
    """Files that name another file or a server, as ffmpeg's demuxers read them."""
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{secret}\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{secret}'\nfile '{address}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "dash": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'><Period><AdaptationSet>"
        f"<Representation id='1' bandwidth='1'><BaseURL>{address}</BaseURL></Representation></AdaptationSet></Period>"
        "</MPD>",
        "asx": f"<asx version='3.0'><entry><ref href='{address}'/></entry></asx>",
        "m3u": f"{secret}\n{address}\n",
        "svg": f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}'/></svg>",
    }


@pytest.mark.parametrize("ending", [".mp3", ".m3u8", ".mp4", ".wav"])
@pytest.mark.parametrize("trick", sorted(tricks(Path("x"), "y")))
def test_a_playlist_or_an_address_inside_a_file_reaches_nothing(trick: str, ending: str, tmp_path: Path):
    secret = next(SAMPLE.glob("*.mp3"))
    with running() as web:
        path = tmp_path / f"episode{ending}"
        path.write_text(tricks(secret, web.url + "/secret.mp3")[trick])
        with pytest.raises(InputError):
            probe_sound(path)
        with pytest.raises(ClipperError):
            list(pieces(path))
        assert web.asked == []


@pytest.mark.parametrize(
    "name", ["-y.mp3", "concat:a.mp3", "http:x.mp3", "a b;touch owned.mp3", "$(touch owned).mp3", "-i.mp3"]
)
def test_a_name_is_a_name_and_nothing_else(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = tiny.episode(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(page.with_suffix(".mp3").read_bytes())
    code = run(
        ["make", "--audio", name, "--transcript", "ep1.txt", "-o", "./-out", *map(str, tiny.QUICK), "--", "ep1.md"]
    )
    assert code in (0, 3)
    if ":" not in name:
        assert code == 0
        assert list(Path("-out").rglob("square.mp4"))
    assert not (tmp_path / "owned").exists()


def test_a_picture_that_grows_without_end_is_refused(tmp_path: Path):
    bomb = tmp_path / "cover.png"
    subprocess.run(
        [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "color=black:s=16000x16000", "-frames:v", "1", str(bomb)],
        check=True,
    )
    assert bomb.stat().st_size < 2_000_000
    with pytest.raises(InputError):
        open_cover(bomb)


@pytest.mark.parametrize("text", ["<svg xmlns='http://www.w3.org/2000/svg'/>", "%!PS\n(x) run", "GIF89a", ""])
def test_a_picture_that_is_a_program_or_nothing_is_refused(text: str, tmp_path: Path):
    for ending in (".png", ".jpg", ".eps"):
        path = tmp_path / f"cover{ending}"
        path.write_text(text)
        with pytest.raises(InputError):
            open_cover(path)


def test_a_good_picture_is_taken(tmp_path: Path):
    Image.new("RGB", (600, 600)).save(tmp_path / "cover.png")
    assert open_cover(tmp_path / "cover.png").size[0] == 600


def test_nothing_is_phoned_home(tmp_path: Path, clipper: Clipper):
    """`make demo`'s command in a network name space without any network."""
    words = ["make", SAMPLE, "--count", 1, "--quality", "draft", "--formats", "square"]
    environment = {"HTTP_PROXY": "", "HTTPS_PROXY": ""}
    empty = ["unshare", "-n", "--"] if os.geteuid() == 0 else ["unshare", "-r", "-n", "--"]
    can = subprocess.run([*empty, "true"], capture_output=True, check=False).returncode == 0
    if not can:  # no right to make one: then every address leads nowhere
        environment = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
        assert clipper(*words, "-o", tmp_path / "out", **environment).code == 0
        return
    import sys

    done = subprocess.run(
        [*empty, sys.executable, "-m", "clipper", *map(str, words), "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "out").rglob("square.mp4"))


def test_no_library_keeps_or_sends_anything_of_its_own(tmp_path: Path, clipper: Clipper):
    """onnxruntime would put an uploader's files into the home and the temporary folder; found by `make soak`."""
    page = tiny.episode(tmp_path / "show", 1)
    places = {
        name: tmp_path / name for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
    }
    for place in (*places.values(), tmp_path / "cache"):
        place.mkdir()
    weights = Path(os.environ["CLIPPER_TEST_CACHE_NOW"], "weights")
    weights.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache" / "weights").symlink_to(weights)
    environment = {**{name: str(place) for name, place in places.items()}, "CLIPPER_CACHE": str(tmp_path / "cache")}
    with_ci = {name: os.environ.pop(name) for name in ("CI", "ORT_DISABLE_TELEMETRY", "TF_BUILD") if name in os.environ}
    try:
        done = clipper(
            "transcribe", page.with_suffix(".mp3"), "-o", tmp_path / "out", "--language", "en", **environment
        )
    finally:
        os.environ.update(with_ci)
    assert done.code == 0, done.err
    assert [p for place in places.values() for p in place.rglob("*")] == []
