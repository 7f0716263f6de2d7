"""What a producer asks for, and the time it took. In: options; out: values that every stage reads."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clipper.batch.band import LONGEST, SHORTEST, lengths, parse_platforms
from clipper.errors import UsageError
from clipper.export.quality import QUALITY
from clipper.plan.model import FORMATS, Format
from clipper.show import Show, find_show

if TYPE_CHECKING:
    from clipper.batch.rerank import Server
    from clipper.highlights.known import Passage

CANDIDATES = 8  # in a plan, so that there is something to choose from
MAKE_COUNT = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the producer asked for, the show's settings worked in (see `wished`); times in seconds.

    `said` has the names of the fields that the command line gave, which go before what an existing plan says. `known`
    is what is not to be offered again; `rerank` the language model that is asked for an order, if any.
    """

    source: str
    audio: Path | None = None
    cover: Path | None = None
    transcript: Path | None = None
    feed: str | None = None
    feed_episode: str | None = None
    count: int = MAKE_COUNT
    shortest: float = SHORTEST
    longest: float = LONGEST
    platforms: tuple[str, ...] = ()
    known: tuple[Passage, ...] = ()
    rerank: Server | None = None
    formats: tuple[Format, ...] = FORMATS
    template: str | None = None
    quality: str = QUALITY
    engine: str = "faster-whisper"
    model: str = "base"
    language: str | None = None
    offline: bool = False
    as_heard: bool = False
    tighten: bool | None = None
    align: bool = False
    captions_from: Path | None = None
    show: Show = field(default_factory=Show)
    said: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.count < 0:
            raise UsageError("--count cannot be negative", "ask for 0 or more clips")
        if not 1 <= self.shortest <= self.longest:
            raise UsageError(
                f"--min {self.shortest:g} and --max {self.longest:g} leave no length to choose",
                "--min must be at least 1 and not above --max",
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the producer should know of where these wishes come from."""
        show = self.show
        kinds = {"weights": show.learnt, "spellings": show.learnt_names, "voices": show.learnt_voices}
        known = [kind for kind, values in kinds.items() if values]
        learnt = (f"{', '.join(known)} learnt from your choices, in {show.learnt_path}",) if known else ()
        return (*((f"settings of the show from {self.show.path}",) if self.show.path else ()), *learnt)


def wished(source: str, *, to_make: bool, **said: Any) -> Wishes:
    """The wishes for an episode: the command line, else the show's clipper.toml, else what is usual.

    Args:
        source: the episode as the producer named it.
        to_make: `count` is how many clips are made, else how many candidates are looked for.
        said: the fields of `Wishes` as the command line has them, null where it says nothing; `formats` and
            `platforms` as text.

    Raises:
        UsageError: options that leave nothing to choose.
        InputError: the show's file is not what it must be.
    """
    show = show_of(source)
    if show.signals:
        from clipper.highlights.weights import of_show

        of_show(show)  # a slip of the pen there is told before the long work, not after it
    ours = show.settings
    given = frozenset(name for name, value in said.items() if value is not None)
    count = said.pop("count", None)
    if count is None and ours.count is not None:
        count = ours.count if to_make else max(ours.count, CANDIDATES)
    formats = said.pop("formats", None)
    asked = said.pop("platforms", None)
    lengths_said = {"shortest", "longest"} & given or ours.min is not None or ours.max is not None
    if asked is None and ours.targets and not lengths_said:
        asked = ",".join(ours.targets)
    platforms = parse_platforms(asked)
    shortest, longest = lengths(said.pop("shortest", None), said.pop("longest", None), platforms, (ours.min, ours.max))
    settled: dict[str, Any] = {
        "count": count if count is not None else MAKE_COUNT if to_make else CANDIDATES,
        "shortest": shortest,
        "longest": longest,
        "platforms": platforms,
        "formats": parse_formats(formats) if formats is not None else in_order(ours.formats or FORMATS),
        "template": _first(said.pop("template", None), template_of(show), None),
        "quality": _first(said.pop("quality", None), ours.quality, QUALITY),
        "engine": _first(said.pop("engine", None), show.hear.engine, "faster-whisper"),
        "model": _first(said.pop("model", None), model_of(show), "base"),
        "language": _first(said.pop("language", None), show.hear.language, None),
    }
    try:
        return Wishes(source=source, show=show, said=given, **settled, **said)
    except UsageError as error:
        if ours.min is None and ours.max is None:
            raise
        raise UsageError(f"{error.message} ({show.path} sets min or max)", error.mend) from error


def show_of(source: str, out: Path | None = None) -> Show:
    """The settings of the show that an episode belongs to.

    Args:
        source: as the producer named it; what is no path here (an address) is looked for from the present folder.
        out: the folder of a plan, which goes first.
    """
    if out is not None:
        show = find_show(out)
        if show.path is not None:
            return show
    return find_show(place_of(source))


def place_of(source: str) -> Path:
    """Where an episode lies on this disk; the present folder for an address."""
    return Path(source) if source and "://" not in source else Path()


def template_of(show: Show) -> str | None:
    """The show's template, or else what its [look] extends: a name, or the path of a folder beside clipper.toml."""
    name = show.settings.template or show.look.get("extends")
    if not isinstance(name, str):
        return None
    from clipper.picture.template import names

    beside = show.folder / Path(name).expanduser()
    return str(beside) if name not in names() and beside.exists() else name


def model_of(show: Show) -> str | None:
    """The show's model: a size, or the path of a folder beside clipper.toml."""
    name = show.hear.model
    return str(show.folder / name) if name is not None and (show.folder / name).is_dir() else name


def _first(*values: Any) -> Any:
    return next((v for v in values if v is not None), None)


@dataclass(slots=True)
class Timer:
    """Seconds spent a stage, in the order in which stages were entered."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def parse_formats(text: str) -> tuple[Format, ...]:
    """Shapes from "vertical,square".

    Raises:
        UsageError: another word, or none.
    """
    names = [n.strip() for n in text.split(",") if n.strip()]
    chosen = in_order(names)
    wrong = next((n for n in names if n not in FORMATS), None)
    if wrong is not None or not chosen:
        raise UsageError(f"{wrong or text!r} is not a format", f"choose of {', '.join(FORMATS)}, with commas")
    return chosen


def in_order(names: Collection[str]) -> tuple[Format, ...]:
    """The formats among `names`, each once, in the order that everything has them in."""
    return tuple(f for f in FORMATS if f in names)


def with_spares(wishes: Wishes) -> Wishes:
    """The same wishes with some candidates more than clips, so that the producer has something to swap in."""
    return replace(wishes, count=max(wishes.count, CANDIDATES) if wishes.count else 0)
