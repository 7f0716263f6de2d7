"""The show's own settings, clipper.toml. In: the place of an episode; out: a `Show`.

One file for a whole show, beside its episodes or in a folder above them; docs/show-file.md describes every key. What
`clipper learn` found out stands beside it in a file of its own, clipper.learnt.toml, that no person writes.
"""

from __future__ import annotations

import datetime
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from clipper.errors import InputError, UsageError
from clipper.platforms import platform
from clipper.tables import checked, read_toml

FILE = "clipper.toml"
LEARNT = "clipper.learnt.toml"
EXAMPLE = "docs/show-file.md shows every key"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _weight(value: object) -> object:
    """A row may be a number or, as in the shipped weights, a table with `weight` and remarks."""
    return value["weight"] if isinstance(value, dict) and "weight" in value else value


def _spellings(value: object) -> object:
    """A list of names means that these spellings are the right ones."""
    return {name: name for name in value} if isinstance(value, list) and all(type(n) is str for n in value) else value


Weight = Annotated[float, BeforeValidator(_weight), Field(strict=True, ge=-1000, le=1000, allow_inf_nan=False)]
Line = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]
Seconds = Annotated[float, Field(strict=True, ge=1, le=36_000, allow_inf_nan=False)]
Names = Annotated[dict[Line, Line], BeforeValidator(_spellings)]


class Clips(_Table):
    """Table [clips]: what holds where the command line says nothing; null is not said.

    Attributes:
        count: clips (make) or candidates (find).
        min, max: shortest and longest clip, in seconds.
        formats: shapes, in any order.
        template: a name, or a folder, relative to the folder of clipper.toml.
        quality: of `make` and `render`.
        targets: platforms whose lengths hold, as with --for.
        cover: the frame that becomes cover.jpg: "first", "peak" or a time in the clip.
        drop_hesitations: captions leave out "uh" and its like.
    """

    count: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = None
    min: Seconds | None = None
    max: Seconds | None = None
    formats: Annotated[tuple[Literal["vertical", "square", "wide"], ...], Field(min_length=1)] | None = None
    template: Line | None = None
    quality: Literal["draft", "good", "best"] | None = None
    targets: Annotated[tuple[Line, ...], Field(min_length=1)] | None = None
    cover: Annotated[str, StringConstraints(strict=True, pattern=r"^(first|peak|(\d+:)?\d+(\.\d+)?)$")] = "first"
    drop_hesitations: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _leaves_a_length(self) -> Clips:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self


class About(_Table):
    """Table [show]: what clips say of the show, on end cards for instance; empty is not said.

    Attributes:
        handle: the name that it has on the platforms, such as "@oddlygoodwork".
        where: its full episodes are to be found.
    """

    handle: Line | Literal[""] = ""
    where: Line | Literal[""] = ""


class Hear(_Table):
    """Table [hear]: how words are heard where the command line says nothing; null is not said.

    Attributes:
        engine: a recogniser's name.
        model: a size of Whisper, or a folder.
        language: a code or an English name.
    """

    engine: Line | None = None
    model: Line | None = None
    language: Line | None = None


class Sound(_Table):
    """Table [sound]: how clips sound where neither the clip nor the plan says otherwise; files are the show's own.

    Attributes:
        tighten: long pauses are shortened, "uh" and its like taken out.
        pause: seconds above which a pause is long.
        music: a file that plays under the voice, as often as it takes.
        under: dB that it lies under the voice.
        intro, outro: files before and after the words.
        separator: a file between the soundbites of a trailer.
        gap: seconds between them without one.
        clean: steps of clean-up (clipper/sound/clean.toml).
        loudness: LUFS, or a platform's name out of clipper/sound/targets.toml; null for what suits most.
    """

    tighten: Annotated[bool, Field(strict=True)] = False
    pause: Annotated[float, Field(strict=True, ge=0.2, le=10, allow_inf_nan=False)] | None = None
    music: Line | None = None
    under: Annotated[float, Field(strict=True, ge=3, le=40, allow_inf_nan=False)] = 18.0
    intro: Line | None = None
    outro: Line | None = None
    separator: Line | None = None
    gap: Annotated[float, Field(strict=True, ge=0.1, le=5, allow_inf_nan=False)] = 0.5
    clean: tuple[Literal["high-pass", "de-ess", "denoise"], ...] = ()
    loudness: Annotated[float, Field(ge=-31, le=-9, allow_inf_nan=False)] | Line | None = None


class PostTable(_Table):
    """Table [post.PLATFORM]: what holds for one network; null is not said.

    Attributes:
        text: a template of the post (see export/post.toml).
        hashtags: how many at most.
        tags: hashtags in place of the page's.
        link: whether the text has the link.
        format: the shape that is packed.
        full: the video in its full size where a smaller one is usual (X).
    """

    text: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=5000)] | None = None
    hashtags: Annotated[int, Field(strict=True, ge=0, le=60)] | None = None
    tags: tuple[Line, ...] | None = None
    link: Annotated[bool, Field(strict=True)] | None = None
    format: Literal["vertical", "square", "wide"] | None = None
    full: Annotated[bool, Field(strict=True)] | None = None


class PostWishes(_Table):
    """Table [post]: what posts say.

    Attributes:
        text, hashtags, tags: as in `PostTable`, for every network that has none of its own.
        link: in place of the address of the episode's page.
        utm: links tell where a listener came from (utm_source and so on).
        media: the public address of the folder that packed files are laid in, for podcast:trailer.
        platforms: the tables [post.PLATFORM], by the platform's name.
    """

    text: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=5000)] | None = None
    hashtags: Annotated[int, Field(strict=True, ge=0, le=60)] | None = None
    tags: tuple[Line, ...] | None = None
    link: Annotated[str, StringConstraints(strict=True, pattern=r"^https?://\S+$", max_length=2000)] | None = None
    utm: Annotated[bool, Field(strict=True)] = False
    media: Annotated[str, StringConstraints(strict=True, pattern=r"^https?://\S+$", max_length=2000)] | None = None
    platforms: dict[str, PostTable] = {}

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, data: Any) -> Any:
        """[post.linkedin] and [post.LinkedIn] are the same."""
        if not isinstance(data, dict) or "platforms" in data:
            return data
        tables = {name: value for name, value in data.items() if isinstance(value, dict)}
        named = {}
        for name, value in tables.items():
            try:
                named[platform(name).name] = value
            except UsageError as error:
                raise ValueError(f"{error.message}; {error.mend}") from error
        return {**{name: v for name, v in data.items() if name not in tables}, "platforms": named}


class _File(_Table):
    signals: dict[str, Weight] = {}
    names: Names = {}
    speakers: dict[Line, Line] = {}
    look: dict[str, Any] = {}
    show: About = About()
    clips: Clips = Clips()
    hear: Hear = Hear()
    sound: Sound = Sound()

    post: PostWishes = PostWishes()


class Learnt(_Table):
    """clipper.learnt.toml, which `clipper learn` writes.

    Attributes:
        date, choices, episodes: for people.
        signals: the weight of each.
        names: what was corrected in plans, heard -> written; what was right as it was heard stands for itself.
        voices: how a person sounds, by name (speech/acquaintances.py).
    """

    schema_number: Literal[1] = Field(alias="schema")
    date: datetime.date
    choices: int
    episodes: int
    signals: dict[str, Weight] = {}
    names: dict[Line, Line] = {}
    voices: dict[Line, Annotated[str, StringConstraints(strict=True, max_length=2000)]] = {}


class Show(_Table):
    """What holds for every episode of a show.

    Attributes:
        path: of clipper.toml; null where the show has none.
        folder: of clipper.toml, or where one would be looked for first.
        signals: table [signals]: the weight of a signal by name, in place of the shipped one. The names are checked by
            the room that has the signals (highlights/weights.py).
        learnt: the weights that `clipper learn` wrote beside clipper.toml; `signals` goes before them.
        learnt_names, learnt_voices: the spellings and voices that it wrote there.
        names: table [names]: heard = "meant"; a right spelling stands for itself.
        speakers: table [speakers]: the show's own names for "Speaker 1" and so on, where the page does not tell.
        look: table [look], as written; the picture room checks it.
        settings: table [clips].
        about: table [show].
        hear: table [hear].
        sound: table [sound].


        post: table [post].
    """

    path: Path | None = None
    folder: Path = Path()
    signals: dict[str, float] = {}
    learnt: dict[str, float] = {}
    learnt_names: dict[str, str] = {}
    learnt_voices: dict[str, str] = {}
    names: dict[str, str] = {}
    speakers: dict[str, str] = {}
    look: dict[str, Any] = {}
    settings: Clips = Clips()
    about: About = About()
    hear: Hear = Hear()
    sound: Sound = Sound()

    post: PostWishes = PostWishes()

    @property
    def learnt_path(self) -> Path:
        """Where `clipper learn` keeps its weights."""
        return self.folder / LEARNT


def find_show(start: Path) -> Show:
    """The settings that hold for an episode: the show's, the environment's before and the user's behind them.

    Args:
        start: the episode's page, audio or folder (or a folder of plans); it need not be there.

    Looks for clipper.toml (or clipper.learnt.toml) in the folder of `start`, then in the folders above it, up to and
    with the home folder or the first that holds .git; never in a folder such as /tmp that everybody shares.

    Raises:
        InputError: the file that was found is not what it must be; the message names the key.
        UsageError: the environment says what cannot be.
    """
    from clipper.settings import layered

    return layered(own_show(start))


def own_show(start: Path) -> Show:
    """As `find_show`, what the show's own file says alone."""
    folder = show_folder(start)
    if folder is None:
        return Show(folder=next(_upwards(start), Path()))
    if is_file(folder / FILE):
        return read_show(folder / FILE)
    return Show(folder=folder, **_learnt(folder / LEARNT))


def show_folder(start: Path) -> Path | None:
    """The folder that holds the settings for `start` (see `find_show`), without reading them; None where none does."""
    return next((f for f in _upwards(start) if is_file(f / FILE) or is_file(f / LEARNT)), None)


def read_show(path: Path) -> Show:
    """The settings in a clipper.toml, and what was learnt beside it.

    Raises:
        InputError: not TOML, an unknown key, or a value that cannot be; the message names file and key.
    """
    read = checked(path, read_toml(path), _File, EXAMPLE)
    folder = path.parent
    return Show(
        path=path,
        folder=folder,
        signals=read.signals,
        **(_learnt(folder / LEARNT) if is_file(folder / LEARNT) else {}),
        names=read.names,
        speakers=read.speakers,
        look=read.look,
        settings=read.clips,
        about=read.show,
        hear=read.hear,
        sound=read.sound,
        post=read.post,
    )


def _learnt(path: Path) -> dict[str, Any]:
    read = read_learnt(path)
    return {"learnt": read.signals, "learnt_names": read.names, "learnt_voices": read.voices}


def read_learnt(path: Path) -> Learnt:
    """What a clipper.learnt.toml says.

    Raises:
        InputError: it is not what `clipper learn` writes.
    """
    try:
        return checked(path, read_toml(path), Learnt, "")
    except InputError as error:
        raise InputError(
            error.message, "clipper learn writes this file: take it away, or take it back with clipper learn --undo"
        ) from error


def _upwards(start: Path) -> Iterator[Path]:
    try:
        here = start.expanduser().resolve()
        home = Path.home().resolve()
    except (OSError, RuntimeError, ValueError):  # a ring of links, a null byte, no home
        return
    if not _is_folder(here):
        here = here.parent
    for folder in (here, *here.parents):
        if not _shared(folder):
            yield folder
        if folder == home or _there(folder / ".git"):
            return


def _shared(folder: Path) -> bool:
    """Whether strangers may put files there, as in /tmp: what lies in it is not the producer's."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWOTH and mode & stat.S_ISVTX)


def is_file(path: Path) -> bool:
    """Whether a file is there; False as well for what cannot be looked at."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
