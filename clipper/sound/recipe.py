"""What a clip's sound is made from, worked out before any of it is decoded. In: a clip, words; out: a `Recipe`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from clipper import cache
from clipper.errors import InputError
from clipper.plan.edits import Said
from clipper.plan.model import Clip, Passage
from clipper.plan.pieces import Pieces, pieces
from clipper.plan.removals import Removal, removals
from clipper.plan.soundwishes import SoundWishes
from clipper.plan.tighten import Rules
from clipper.sound.loudness import goal_of
from clipper.sound.seams import covering, settled
from clipper.span import Span

LONGEST = 15.0  # seconds of an intro, an outro or a separator; a whole song is a mistake
OVERLAP = 0.4  # seconds by which an intro's end lies under the first word, and the last word under an outro's start


@dataclass(frozen=True)
class Recipe:
    """How the sound of one clip is made.

    Attributes:
        audio: the episode.
        pieces: what the clip plays.
        removed: what it leaves out.
        bleep, mute: in seconds of the source.
        music, intro, outro, separator: files of the producer's.
        under: dB that the music lies under the voice.
        clean: steps of clean-up, by name.
        loudness: LUFS that the finished clip is to have; null for what suits most platforms.
        opens, closes: seconds of the source at which the first word begins and the last one ends, where they are known.
    """

    audio: Path
    pieces: Pieces
    removed: tuple[Removal, ...] = ()
    bleep: tuple[Span, ...] = ()
    mute: tuple[Span, ...] = ()
    music: Path | None = None
    under: float = 18.0
    intro: Path | None = None
    outro: Path | None = None
    separator: Path | None = None
    clean: tuple[str, ...] = ()
    opens: float | None = None
    closes: float | None = None
    loudness: float | None = None

    @classmethod
    def plain(cls, audio: Path, span: Span) -> Recipe:
        """A clip that is one stretch of the source, as it is."""
        return cls(audio, Pieces.whole(span))

    def facts(self) -> dict[str, Any]:
        """What decides how it sounds, besides the episode's own bytes: for a cache's key."""
        files = {"music": self.music, "intro": self.intro, "outro": self.outro, "separator": self.separator}
        return {
            "pieces": [[round(s.start * 1e5), round(s.end * 1e5)] for s in self.pieces.spans],
            "gaps": [round(g * 1e5) for g in self.pieces.gaps],
            "around": [round(self.pieces.lead * 1e5), round(self.pieces.tail * 1e5)],
            "covered": [[s.start, s.end] for s in (*self.bleep, *self.mute)] + [len(self.bleep)],
            "clean": list(self.clean),
            **({"loudness": self.loudness} if self.loudness is not None else {}),
            "edges": [self.opens, self.closes],
            **{name: cache.file_digest(path) for name, path in files.items() if path is not None},
            **({"under": self.under} if self.music else {}),
        }


def recipe(clip: Clip, audio: Path, said: Said | None, wishes: SoundWishes, language: str | None = None) -> Recipe:
    """How the sound of `clip` is made.

    Raises:
        InputError: a file of the producer's is not there, holds no sound or is too long.
    """
    rules = Rules.of(wishes.pause, language) if wishes.tighten else None
    gone = settled(audio, removals(clip, said, rules))
    for name, path in (("music", wishes.music), ("intro", wishes.intro), ("outro", wishes.outro),
                       ("separator", wishes.separator)):  # fmt: skip
        if path is not None and not path.is_file():
            raise InputError(f"the {name} {path} is not there", f"correct {name}: in clips.yaml or clipper.toml")
    between = wishes.gap if wishes.separator is None else seconds_of(wishes.separator, "separator")
    made = pieces(
        clip,
        gone,
        separator=between if clip.trailer else 0.0,
        lead=0.0 if wishes.intro is None else max(0.0, seconds_of(wishes.intro, "intro") - OVERLAP),
        tail=0.0 if wishes.outro is None else max(0.0, seconds_of(wishes.outro, "outro") - OVERLAP),
    )
    return Recipe(
        audio, made, gone, covering(audio, _spans(clip.bleep), said),
        covering(audio, _spans(clip.mute), said),
        wishes.music, wishes.under, wishes.intro,
        wishes.outro, wishes.separator if clip.trailer else None, wishes.clean, *_edges(made, said),
        None if wishes.loudness is None else goal_of(wishes.loudness),
    )  # fmt: skip


def _edges(made: Pieces, said: Said | None) -> tuple[float | None, float | None]:
    """Where the first word begins and the last one ends that a clip plays."""
    if said is None or not said.words:
        return None, None
    first, last = said.word_at(made.spans[0].start), said.word_at(made.spans[-1].end) - 1
    opens = said.words[first].start if first < len(said.words) and said.words[first].start < made.spans[0].end else None
    closes = said.words[last].end if last >= 0 and said.words[last].end > made.spans[-1].start else None
    return opens, closes


def seconds_of(path: Path, name: str) -> float:
    """How long a short sound of the producer's is, to the sample.

    Raises:
        InputError: not a sound, or longer than LONGEST.
    """
    facts = path.stat()
    try:
        seconds = _seconds(str(path), facts.st_mtime_ns, facts.st_size)
    except InputError as error:
        raise InputError(f"the {name} cannot be used: {error.message}", error.mend) from error
    if seconds > LONGEST:
        raise InputError(f"the {name} {path.name} is longer than {LONGEST:g} s", "cut it to what is to be heard")
    return seconds


def with_pieces(one: Recipe, made: Pieces) -> Recipe:
    """The same with other pieces."""
    return replace(one, pieces=made)


@lru_cache(maxsize=32)
def _seconds(path: str, _changed: int, _bytes: int) -> float:
    from clipper.sound.decode import RATE, first_seconds

    return len(first_seconds(Path(path), LONGEST + 1)) / RATE


def _spans(passages: tuple[Passage, ...]) -> tuple[Span, ...]:
    return tuple(sorted({s for p in passages for s in p.spans}, key=lambda s: s.start))
