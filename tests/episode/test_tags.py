"""A bare audio file: its tags, chapters and embedded cover, in the formats that podcasts use."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, CHAP, COMM, CTOC, ID3, TALB, TDRC, TIT2, TPE1, TRCK
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from PIL import Image

from clipper.episode.load import load, load_episode
from clipper.episode.tags import chapter_pictures
from clipper.errors import InputError
from clipper.media import run_ffmpeg
from tests.episode.media import encoded, enhanced, jpeg, wav


def test_an_mp3_with_everything(tmp_path: Path) -> None:
    path = encoded(tmp_path / "ep.mp3")
    tags = ID3(path)
    tags.add(TIT2(encoding=3, text="Ep. 12: Why larch floats"))
    tags.add(TALB(encoding=3, text="Harbour Hour"))
    tags.add(TPE1(encoding=3, text="Rosa Klein"))
    tags.add(TRCK(encoding=3, text="12/40"))
    tags.add(TDRC(encoding=3, text="2022-03-09"))
    tags.add(COMM(encoding=3, lang="eng", desc="", text="Rosa talks with Thandi Mokoena about wood."))
    tags.add(CTOC(element_id="toc", flags=3, child_element_ids=["a", "b"], sub_frames=[]))
    tags.add(CHAP(element_id="b", start_time=61_500, end_time=90_000, sub_frames=[TIT2(encoding=3, text="Larch")]))
    tags.add(CHAP(element_id="a", start_time=0, end_time=61_500, sub_frames=[TIT2(encoding=3, text="Hello")]))
    tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=jpeg("teal")))
    tags.save()
    loaded = load(str(path), offline=True)
    episode = loaded.episode
    assert (episode.title, episode.number, episode.show, episode.date) == (
        "Why larch floats",
        12,
        "Harbour Hour",
        "2022-03-09",
    )
    assert [(c.start, c.title) for c in episode.chapters] == [(0.0, "Hello"), (61.5, "Larch")]
    assert episode.guests == ("Thandi Mokoena",)
    assert episode.hosts == ("Rosa",) or episode.hosts == ("Rosa Klein",)
    assert loaded.audio == path
    assert loaded.cover is not None
    assert loaded.cover.read_bytes() == jpeg("teal")


def test_an_m4a_flac_and_opus(tmp_path: Path) -> None:
    m4a = encoded(tmp_path / "ep.m4a")
    mp4 = MP4(m4a)
    mp4["\xa9nam"], mp4["\xa9alb"], mp4["trkn"] = ["Salt"], ["Soup Radio"], [(7, 0)]
    mp4["covr"] = [MP4Cover(jpeg("navy"), MP4Cover.FORMAT_JPEG)]
    mp4.save()
    loaded = load(str(m4a), offline=True)
    assert (loaded.episode.title, loaded.episode.show, loaded.episode.number) == ("Salt", "Soup Radio", 7)
    assert loaded.cover is not None

    flac_path = encoded(tmp_path / "ep.flac")
    flac = FLAC(flac_path)
    flac["title"], flac["album"], flac["tracknumber"] = "Pepper", "Soup Radio", "8"
    picture = Picture()
    picture.data, picture.mime, picture.type = jpeg("gold"), "image/jpeg", 3
    flac.add_picture(picture)
    flac.save()
    loaded = load(str(flac_path), offline=True)
    assert (loaded.episode.title, loaded.episode.number) == ("Pepper", 8)
    assert loaded.cover is not None

    opus_path = encoded(tmp_path / "ep.opus")
    opus = OggOpus(opus_path)
    opus["title"] = "Thyme"
    opus["chapter000"], opus["chapter000name"] = "00:00:00.000", "Hello"
    opus["chapter001"], opus["chapter001name"] = "00:01:02.500", "Thyme"
    opus.save()
    episode = load_episode(str(opus_path))
    assert episode.title == "Thyme"
    assert [(c.start, c.title) for c in episode.chapters] == [(0.0, "Hello"), (62.5, "Thyme")]


def test_a_sound_without_tags_is_an_episode_without_words(tmp_path: Path) -> None:
    loaded = load(str(wav(tmp_path / "plain.wav")), offline=True)
    assert (loaded.episode.title, loaded.cover) == (None, None)
    assert loaded.audio == tmp_path / "plain.wav"


@pytest.mark.parametrize("data", [b"", b"this is no sound", b"ID3" + bytes(40)])
def test_a_file_that_only_calls_itself_audio(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fake.mp3"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        load_episode(str(path))
    assert "fake.mp3" in caught.value.message


def test_a_sound_without_an_ending_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = wav(tmp_path / "take.wav").rename(tmp_path / "take")
    assert load_episode(str(path)).audio == "take"


def test_the_pictures_of_an_m4a_change_with_its_chapters(tmp_path: Path) -> None:
    found = chapter_pictures(enhanced(tmp_path / "ep.m4a", ["lime", "red", "blue"], 2.0))
    assert [start for start, _ in found] == [0.0, 2.0, 4.0]
    colours = [Image.open(path).convert("RGB").getpixel((32, 32)) for _, path in found if path]
    for colour, wanted in zip(colours, [(0, 255, 0), (255, 0, 0), (0, 0, 255)], strict=True):
        assert max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 12


def test_a_video_podcast_and_a_damaged_file_have_no_chapter_pictures(tmp_path: Path) -> None:
    video = tmp_path / "show.mp4"
    assert run_ffmpeg(["-y", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64:r=5", "-c:v", "mjpeg", video]).returncode == 0
    assert chapter_pictures(video) == []
    art = enhanced(tmp_path / "ep.m4a", ["lime", "red"], 1.0)
    (tmp_path / "cut.m4a").write_bytes(art.read_bytes()[:900])
    assert chapter_pictures(tmp_path / "cut.m4a") == []
