"""Where the sound and the cover are looked for, and that a page cannot point out of its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clipper.episode.load import load, load_episode
from clipper.episode.locate import inside, locate_audio, locate_cover
from clipper.errors import InputError, MissingError
from tests.episode.media import encoded, jpeg, wav
from tests.episode.web import Web, running


@pytest.fixture
def web() -> Iterator[Web]:
    with running() as web:
        yield web


def written(folder: Path, front: str = "", body: str = "Text.\n", name: str = "page.md") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"---\ntitle: A title\n{front}\n---\n\n{body}", encoding="utf-8")
    return path


def test_the_sound_that_the_page_names_beside_it(tmp_path: Path) -> None:
    wav(tmp_path / "other.wav")
    named = wav(tmp_path / "the one.wav")
    loaded = load(str(written(tmp_path, "audio: the one.wav")), offline=True)
    assert loaded.audio == named
    assert load(str(written(tmp_path, "audio: the%20one.wav")), offline=True).audio == named


def test_the_sound_that_is_given_wins(tmp_path: Path) -> None:
    wav(tmp_path / "page.wav")
    given = wav(tmp_path / "given.wav")
    assert load(str(written(tmp_path)), offline=True, audio=given).audio == given
    with pytest.raises(InputError, match="no audio file"):
        load(str(written(tmp_path)), offline=True, audio=tmp_path / "gone.wav")


def test_the_sound_of_the_pages_own_name_and_the_better_of_two(tmp_path: Path) -> None:
    wav(tmp_path / "music.wav")
    encoded(tmp_path / "page.mp3")
    best = wav(tmp_path / "page.wav")
    assert load(str(written(tmp_path)), offline=True).audio == best


def test_the_only_sound_in_the_folder(tmp_path: Path) -> None:
    only = wav(tmp_path / "whatever it is called.wav")
    page = written(tmp_path, "podcast_file: https://cdn.example.org/1.mp3")
    assert load(str(page), offline=True).audio == only
    assert load(str(tmp_path), offline=True).audio == only, "the folder stands for its page"


def test_a_video_beside_the_page_is_a_sound(tmp_path: Path) -> None:
    (tmp_path / "talk.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    assert load(str(written(tmp_path)), offline=True).audio == tmp_path / "talk.mp4"


def test_several_sounds_are_listed_and_the_option_named(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav")
    wav(tmp_path / "b.wav")
    with pytest.raises(InputError, match=r"a\.wav, b\.wav") as caught:
        load(str(written(tmp_path)), offline=True)
    assert "--audio" in caught.value.mend
    assert load(str(written(tmp_path)), offline=True, need_audio=False).audio is None


@pytest.mark.parametrize(
    ("player", "host"),
    [
        ("%[https://www.youtube.com/watch?v=EXAMPLE0001]", "youtube.com"),
        ('<iframe src="https://open.spotify.com/embed/episode/x"></iframe>', "open.spotify.com"),
    ],
)
def test_only_a_player_says_so_in_one_line(tmp_path: Path, player: str, host: str) -> None:
    page = written(tmp_path, body=f"Hello.\n\n{player}\n")
    assert load_episode(str(page)).audio is None, "understanding the page needs no sound"
    with pytest.raises(InputError) as caught:
        load(str(page), offline=True)
    assert host in caught.value.message
    assert "--audio" in caught.value.mend


@pytest.mark.parametrize(
    "named",
    [
        "../secret.wav",
        "/etc/../{up}/secret.wav",
        "{up}/secret.wav",
        "sub/../../secret.wav",
        "link.wav",
        "..%2Fsecret.wav",
        "folder-link/secret.wav",
    ],
)
def test_a_page_cannot_name_a_file_outside_its_folder(tmp_path: Path, named: str) -> None:
    secret = wav(tmp_path / "secret.wav")
    inner = tmp_path / "episode"
    inner.mkdir()
    (inner / "link.wav").symlink_to(secret)
    (inner / "folder-link").symlink_to(tmp_path)
    page = written(inner, f'audio: "{named.format(up=tmp_path)}"\ncover: "{named.format(up=tmp_path)}"')
    assert inside(str(inner), named.format(up=tmp_path)) is None
    with pytest.raises(InputError):
        load(str(page), offline=True)
    loaded = load(str(page), offline=True, need_audio=False)
    assert (loaded.audio, loaded.cover) == (None, None)


def test_a_file_below_the_page_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "sound").mkdir()
    deep = wav(tmp_path / "sound" / "one.wav")
    assert load(str(written(tmp_path, "audio: ./sound/one.wav")), offline=True).audio == deep


def test_the_enclosure_is_fetched_once_and_then_kept(tmp_path: Path, web: Web) -> None:
    data = wav(tmp_path / "source.wav").read_bytes()
    url = web.serve("/ep 1.wav?source=feed".replace(" ", "%20"), data, "audio/wav")
    page = written(tmp_path / "episode", f"audio: {url}")
    first = load(str(page)).audio
    assert first is not None
    assert first.read_bytes() == data
    assert first.suffix == ".wav"
    assert load(str(page), offline=True).audio == first
    assert len(web.asked) == 1


def test_offline_nothing_is_asked(tmp_path: Path, web: Web) -> None:
    url = web.serve("/never.mp3", b"x", "audio/mpeg")
    page = written(tmp_path / "episode", f"audio: {url}\ncover: {web.url}/cover.jpg")
    with pytest.raises(MissingError) as caught:
        load(str(page), offline=True)
    assert "--audio" in caught.value.mend
    assert web.asked == []


def test_the_cover_as_named_beside_fetched_and_embedded(tmp_path: Path, web: Web) -> None:
    one = tmp_path / "one"
    page = written(one, "cover: art/front.jpg")
    (one / "art").mkdir()
    (one / "art" / "front.jpg").write_bytes(jpeg())
    assert load(str(page), offline=True, need_audio=False).cover == one / "art" / "front.jpg"

    two = tmp_path / "two"
    page = written(two, "cover: /images/x.png")
    episode = load_episode(str(page))
    assert episode.cover == "/images/x.png", "kept as it is written"
    assert locate_cover(episode, offline=True) is None
    (two / "x.png").write_bytes(jpeg())
    assert locate_cover(episode, offline=True) == two / "x.png"

    three = tmp_path / "three"
    url = web.serve("/c.jpg", jpeg("blue"), "image/jpeg")
    page = written(three, f"coverImage: {url}")
    fetched = load(str(page), need_audio=False).cover
    assert fetched is not None
    assert fetched.read_bytes() == jpeg("blue")
    (three / "cover.jpg").write_bytes(jpeg("green"))
    assert load(str(page), need_audio=False).cover == three / "cover.jpg"


def test_a_missing_cover_is_no_error_unless_it_was_given(tmp_path: Path, web: Web) -> None:
    page = written(tmp_path, f"cover: {web.url}/gone.jpg")
    assert load(str(page), need_audio=False).cover is None
    with pytest.raises(InputError, match="no picture"):
        load(str(page), need_audio=False, cover=tmp_path / "gone.png")


def test_folders_with_none_one_and_several_pages(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a page"):
        load_episode(str(tmp_path))
    wav(tmp_path / "only.wav")
    assert load_episode(str(tmp_path)).audio == "only.wav"
    written(tmp_path, name="README.md")
    written(tmp_path, name="week.md")
    assert load_episode(str(tmp_path)).page == "week.md"
    written(tmp_path, name="other.html")
    with pytest.raises(InputError, match=r"other\.html, week\.md"):
        load_episode(str(tmp_path))
    written(tmp_path, name="index.md")
    assert load_episode(str(tmp_path)).page == "index.md"


def test_audio_is_not_looked_for_before_it_is_needed(tmp_path: Path) -> None:
    episode = load_episode(str(written(tmp_path, "audio: gone.mp3")))
    with pytest.raises(InputError, match=r"gone\.mp3"):
        locate_audio(episode, offline=True)
