"""Packs: what each platform takes, nothing cut in silence, the producer's words kept, digests that hold."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path

import pytest

from clipper.batch import packs
from clipper.batch.finished import finished
from clipper.batch.instance import with_instance
from clipper.errors import FellShortError, InputError
from clipper.export.checks.look import container
from clipper.export.pack import Fit, RefusedError, fit
from clipper.export.packed import Packed, read_packed, verify
from clipper.platforms import Platform, names, platform
from tests.conftest import Clipper
from tests.export.small_out import plan_of


def pack_all(out: Path, *platforms: Platform, only: tuple[str, ...] = ("c1",)) -> list[packs.Made]:
    plan, transcript = plan_of(out)
    return packs.make_packs(out, plan, finished(out, plan, transcript, only), platforms)


@pytest.fixture(scope="module")
def packed_out(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OUT with packs of the first clip for every platform."""
    import shutil

    out = Path(shutil.copytree(rendered, tmp_path_factory.mktemp("packed") / "out"))
    made = pack_all(out, *map(platform, names()))
    assert [one.refused for one in made if one.refused] == []
    return out


def the_pack(out: Path, name: str) -> tuple[Path, Packed]:
    folder = out / "packs" / name / "01-you-can-always-take-more-off"
    return folder, read_packed(folder)


@pytest.mark.parametrize("name", names())
def test_every_platform_gets_a_whole_pack(packed_out: Path, name: str):
    folder, packed = the_pack(packed_out, name)
    verify(folder, packed)
    to = platform(name)
    assert packed.platform == name
    assert packed.video.seconds == pytest.approx(7.56, abs=0.05)
    assert {k for k in ("vtt", "srt") if getattr(packed, k)} == set(to.captions.kinds)
    assert (folder / "cover.jpg").stat().st_size > 10_000
    assert (folder / "post.txt").read_text().strip() == packed.text
    assert packed.title == "You can always take more off"
    assert packed.alt not in ("", packed.text)
    assert (folder / "title.txt").exists() == (to.title is not None)
    assert packed.language == "en"


def test_a_video_that_fits_takes_no_more_room(packed_out: Path):
    folder, packed = the_pack(packed_out, "bluesky")
    assert (folder / "video.mp4").samefile(packed_out / "clips" / folder.name / "vertical.mp4")
    assert packed.changes == ()


def test_x_gets_720p_drawn_from_the_scene_with_the_same_sound(packed_out: Path):
    folder, packed = the_pack(packed_out, "x")
    small, large = container(folder / "video.mp4"), container(packed_out / "clips" / folder.name / "vertical.mp4")
    assert (packed.video.width, packed.video.height) == (720, 1280)
    assert small.frames == large.frames
    assert small.audio_packets == large.audio_packets
    assert not small.edit_list
    assert small.moov_first
    assert "720x1280" in packed.changes[0]


def test_what_is_packed_is_the_same_clip_everywhere_and_changes_with_it(packed_out: Path, out: Path):
    assert len({the_pack(packed_out, name)[1].content for name in names()}) == 1
    plan, transcript = plan_of(out)
    changed = plan.with_clip(plan.clips[0].changed(hook="Another line"))
    from clipper.batch import videos
    from clipper.export.pack import content

    job, other = (videos.jobs_of(out, p, transcript, p.clips[:1], None)[0] for p in (plan, changed))
    assert content(job) != content(other)


def test_a_drawn_rendition_is_kept_when_nothing_changed(packed_out: Path):
    folder, before = the_pack(packed_out, "x")
    stamp = (folder / "video.mp4").stat().st_mtime_ns
    made = pack_all(packed_out, platform("x"))[0]
    assert made.packed is not None
    assert made.packed.video.sha256 == before.video.sha256
    assert (folder / "video.mp4").stat().st_mtime_ns == stamp


def test_words_of_the_producer_stay(out: Path):
    folder = pack_all(out, platform("bluesky"))[0].folder
    (folder / "post.txt").write_text("My own words about bells #bells\r\n")
    with pytest.raises(InputError, match=r"post\.txt"):
        read_packed(folder)  # nothing is posted from a pack that is not what was packed
    for _ in range(2):
        one = pack_all(out, platform("bluesky"))[0].packed
        assert one is not None
        assert (one.text, one.hashtags, one.own) == ("My own words about bells #bells", ("bells",), ("text",))
        assert one.link is None
    (folder / "post.txt").unlink()
    one = pack_all(out, platform("bluesky"))[0].packed
    assert one is not None
    assert one.text.startswith("You can always take more off")


def test_words_that_are_too_long_are_refused_with_their_file(out: Path):
    plan, _ = plan_of(out)
    packs.save_words(out, plan.clips[0], platform("bluesky"), "text", "bell " * 70)
    with pytest.raises(InputError, match=r"post\.txt: 349 counted as Bluesky counts, it takes 300"):
        pack_all(out, platform("bluesky"))
    shown = packs.posts(out, plan, plan.clips[0], [platform("bluesky")])["bluesky"]
    assert (shown.counted.count, shown.counted.limit, shown.fits) == (349, 300, False)


def test_a_clip_that_is_too_short_or_too_long_is_refused_and_nothing_is_cut(out: Path):
    made = pack_all(out, platform("tiktok"), platform("bluesky"), only=("c2",))
    assert made[0].refused is not None
    assert "c2 lasts 2.5 s, TikTok takes 3 to 600 s" in made[0].refused.message
    assert made[1].packed is not None
    plan, transcript = plan_of(out)
    job = finished(out, plan, transcript, ["c1"])[0]
    short = platform("x").model_copy(
        update={"length": platform("x").length.model_copy(update={"most": 5.0})}
    )  # fmt: skip
    with pytest.raises(RefusedError, match=r"lasts 7\.6 s, X takes 0\.5 to 5 s"):
        fit(job, short, {"vertical": container(job.files["vertical"])})


def test_a_video_with_too_many_bytes_is_drawn_again_within_them(out: Path):
    size = (out / "clips" / "02-only-decaf" / "square.mp4").stat().st_size
    most = min(size - 1, 450_000)
    tight = platform("bluesky")
    tight = tight.model_copy(update={"file": tight.file.model_copy(update={"bytes": most})})
    one = pack_all(out, tight, only=("c2",))[0].packed
    assert one is not None
    assert one.video.bytes <= most
    assert (one.video.width, one.video.height) == (1080, 1080)
    assert "Mbit/s" in one.changes[0]
    hopeless = tight.model_copy(update={"file": tight.file.model_copy(update={"bytes": 90_000})})
    refused = pack_all(out, hopeless, only=("c2",))[0]
    assert refused.refused is not None
    assert "too few for sharp words" in refused.refused.message
    assert not (refused.folder / "manifest.json").exists()


def test_a_shape_that_the_platform_does_not_take_is_not_sent(out: Path):
    plan, transcript = plan_of(out)
    job = finished(out, plan, transcript, ["c1"])[0]
    found = {name: container(path) for name, path in job.files.items()}
    assert fit(job, platform("shorts"), found) == Fit("vertical")
    assert fit(job, platform("linkedin"), found, "square") == Fit("square")
    wide = found["square"]
    import dataclasses

    with pytest.raises(RefusedError, match="takes no shape"):
        fit(job, platform("shorts"), {"wide": dataclasses.replace(wide, width=1920, height=1080)})


def test_a_clip_that_was_changed_since_is_not_packed(out: Path):
    text = (out / "clips.yaml").read_text()
    (out / "clips.yaml").write_text(text.replace("title: You can always take more off", "title: Never back"))
    with pytest.raises(InputError, match="c1 was changed since it was rendered"):
        pack_all(out, platform("bluesky"))


class _Instance(http.server.BaseHTTPRequestHandler):
    said: object = None

    def do_GET(self) -> None:
        data = json.dumps(self.said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def instance():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Instance)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_mastodons_limits_are_those_of_the_server_that_is_named(instance: str):
    _Instance.said = {
        "configuration": {
            "statuses": {"max_characters": 5000, "characters_reserved_per_url": 23},
            "media_attachments": {"video_size_limit": 40_000_000, "description_limit": 420, "video_matrix_limit": -1},
        }
    }
    one = with_instance([platform("mastodon")], instance)[0]
    assert (one.text.limit, one.file.bytes, one.alt.limit) == (5000, 40_000_000, 420)
    assert one.picture.pixels_most == platform("mastodon").picture.pixels_most
    assert "/api/v2/instance" in one.text.source
    for nonsense in ([], {"configuration": 3}, {"configuration": {"statuses": []}}, "x"):
        _Instance.said = nonsense
        with pytest.raises(InputError, match="does not answer like a Mastodon"):
            with_instance([platform("mastodon")], instance)
    with pytest.raises(InputError, match="https"):
        with_instance([platform("mastodon")], "http://mastodon.example")


def test_the_command_packs_and_says_what_it_did(out: Path, clipper: Clipper):
    done = clipper("pack", out, "--for", "bluesky,tiktok", "--json")
    assert done.code == 5, done.err  # the second clip is too short for one of them
    assert done.two_lines()[0].startswith("error: 1 of 4 packs cannot be made: c2 lasts")
    rows = {(r["clip"], r["platform"]): r for r in done.json["packs"]}
    assert rows["c2", "tiktok"]["refused"]
    assert rows["c1", "bluesky"]["manifest"]["video"]["kind"] == "video/mp4"
    assert FellShortError.exit_code == done.code
    done = clipper("pack", out, "--for", "bluesky")
    assert done.code == 0
    assert "Bluesky" in done.out
    assert "nothing" in done.out
    assert clipper("pack", out, "--for", "myspace").code == 2


def test_on_another_disk_the_video_is_copied(out: Path, monkeypatch: pytest.MonkeyPatch):
    import errno
    import os

    def no_links(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", no_links)
    made = pack_all(out, platform("bluesky"), only=("c2",))[0]
    assert made.packed is not None
    verify(made.folder, made.packed)
    assert not (made.folder / "video.mp4").samefile(out / "clips" / "02-only-decaf" / "square.mp4")


def test_a_full_disk_leaves_no_manifest_behind(out: Path, monkeypatch: pytest.MonkeyPatch):
    import errno
    import os

    from clipper.errors import MissingError

    pack_all(out, platform("bluesky"), only=("c2",))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (out / "packs" / "bluesky" / "02-only-decaf" / "video.mp4").unlink()
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(MissingError) as wrong:
        pack_all(out, platform("bluesky"), only=("c2",))
    assert "free some space" in wrong.value.mend
    left = sorted(p.name for p in (out / "packs" / "bluesky" / "02-only-decaf").iterdir())
    assert "manifest.json" not in left
    assert [name for name in left if name.startswith(".")] == [".words.json"]  # nothing half-written


def test_a_retitled_clip_keeps_its_pack_and_the_producers_words(out: Path):
    from clipper.batch import videos
    from clipper.plan import store

    folder = pack_all(out, platform("bluesky"), only=("c2",))[0].folder
    before = (folder / "video.mp4").read_bytes()
    (folder / "alt.txt").write_text("Ben holds a cup.\n")
    plan, _ = plan_of(out)
    store.save(plan.with_clip(plan.clips[1].changed(title="Decaf, Ben")), out)
    output = videos.output_of("draft", "libx264", None, None, ("square",))
    videos.render(out, *plan_of(out), only=["c2"], output=output)
    assert (folder / "video.mp4").read_bytes() == before  # a pack is what it was until it is made again
    made = pack_all(out, platform("bluesky"), only=("c2",))[0]
    assert made.folder.name == "02-decaf-ben"
    assert not folder.exists()
    assert made.packed is not None
    assert (made.packed.alt, made.packed.own, made.packed.title) == ("Ben holds a cup.", ("alt",), "Decaf, Ben")
    verify(made.folder, made.packed)


def test_a_run_that_was_cut_short_takes_nothing_for_the_producers_words(out: Path):
    folder = pack_all(out, platform("bluesky"), only=("c2",))[0].folder
    (folder / "manifest.json").unlink()  # as a killed run leaves it
    made = pack_all(out, platform("bluesky"), only=("c2",))[0]
    assert made.packed is not None
    assert made.packed.own == ()
    (folder / ".words.json").write_text("[" * 5000)
    made = pack_all(out, platform("bluesky"), only=("c2",))[0]  # what cannot be told apart is kept
    assert made.packed is not None
    assert made.packed.own == ("alt", "text")
