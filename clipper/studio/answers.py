"""What the studio's API answers: frozen, typed, made from the plan and never holding a secret or a path outside OUT.

In: nothing; out: models that `answering` fills and FastAPI writes as JSON.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from clipper.plan.model import Format
from clipper.span import Span


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fault(_Answer):
    """What is wrong and how it is mended, in a producer's words."""

    error: str
    mend: str = ""


class Mark(_Answer):
    """Words `first` up to `last` of the episode, as the captions show them; they may stand out, or be left out ("")."""

    first: int
    last: int
    text: str
    loud: bool


class Piece(_Answer):
    """A stretch of the episode that a clip plays, `at` a second of the clip."""

    at: float
    start: float
    end: float


class Done(_Answer):
    """An edit that was done: the word for it, and the clip, "" for the plan."""

    what: str
    clip: str


class Promise(_Answer):
    """A bullet of the page, and the id of the clip it has, or why it has none."""

    topic: str
    what: str


class Trim(_Answer):
    """What tightening takes out: words by number (none: a pause), seconds of the episode."""

    words: tuple[int, ...]
    start: float
    end: float
    kind: str
    text: str


class SoundAnswer(_Answer):
    """A clip's own wishes for its sound, or the plan's; null: as in the plan, in the show's file."""

    tighten: bool | None
    music: str | None
    intro: str | None
    outro: str | None
    clean: tuple[str, ...] | None


class ClipAnswer(_Answer):
    """A clip of the plan.

    Attributes:
        span, proposed: in seconds of the episode.
        first, last: its words by their numbers in the episode, half-open.
        opens, closes: its first and last words, to judge it by.
        marks: only words that are shown otherwise than they were heard.
        before, after: the sentences just outside.
        notes: what is wrong with its borders.
        seconds: how long it is when it is played.
        pieces: clip time, and start and end in the episode, of each stretch that it plays.
        drop, bleep, mute, keep: numbers of the words that are marked so.
        trims: what tightening takes out.
    """

    id: str
    title: str
    hook: str
    headline: str
    span: Span
    proposed: Span
    first: int
    last: int
    picked: bool | None
    text: str
    opens: str
    closes: str
    captions: str
    marks: tuple[Mark, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    topic: str | None
    template: str | None
    formats: tuple[Format, ...] | None
    speakers: tuple[str, ...]
    own: bool
    look: str
    seconds: float
    pieces: tuple[Piece, ...]
    drop: tuple[int, ...]
    bleep: tuple[int, ...]
    mute: tuple[int, ...]
    keep: tuple[int, ...]
    trims: tuple[Trim, ...]
    sound: SoundAnswer


class ProblemAnswer(_Answer):
    """Why the plan on disk cannot be used."""

    error: str
    mend: str
    restorable: bool


class SpellingAnswer(_Answer):
    """A word or name that is written otherwise than it was heard."""

    heard: str
    written: str
    count: int
    where: str
    applied: bool


class PlanAnswer(_Answer):
    """The plan as it is on disk.

    Attributes:
        version: to be sent with each edit.
        words: a name for the transcript; when it changes, fetch it anew.
        tightens: whether the show tightens where neither clip nor plan says.
        undo, redo: what would be taken back or done again: a word and a clip; null for nothing.
        source: whether the episode's sound is where the plan says.
    """

    version: str
    words: str
    show: str | None
    number: int | None
    title: str | None
    guests: tuple[str, ...]
    template: str
    formats: tuple[Format, ...]
    clips: tuple[ClipAnswer, ...]
    coverage: tuple[Promise, ...]
    spelling: tuple[SpellingAnswer, ...]
    sound: SoundAnswer
    tightens: bool
    speakers: dict[str, str]
    undo: Done | None
    redo: Done | None
    source: bool
    problem: ProblemAnswer | None


class ConflictAnswer(_Answer):
    """The same thing was changed elsewhere: what the plan says now; the page has its own side."""

    error: str
    mend: str
    theirs: PlanAnswer


class TranscriptAnswer(_Answer):
    """All words, a column each, so that an episode of hours stays small.

    Attributes:
        text, start, end: of each word; times in hundredths of a second.
        glued: numbers of words that have no space before them.
        unsure: numbers of words that the recogniser was not sure of.
        sentences: the number of each sentence's first word.
        turns: the number of the word at which the voice changes; voices: whose it is then.
    """

    version: str
    language: str
    duration: float
    rtl: bool
    text: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    glued: tuple[int, ...]
    unsure: tuple[int, ...]
    sentences: tuple[int, ...]
    turns: tuple[int, ...]
    voices: tuple[str | None, ...]


class Stretch(_Answer):
    """A part of the episode with a name."""

    start: float
    end: float
    name: str = ""


class Overview(_Answer):
    """The episode at a glance: seconds, chapters or topics of the page, advertisement, who speaks."""

    duration: float
    topics: tuple[Stretch, ...]
    ads: tuple[Stretch, ...]
    voices: tuple[Stretch, ...]


class Made(_Answer):
    """A finished file of a clip, under OUT; `current` is false when the clip was changed since."""

    clip: str
    shape: Format
    path: str
    bytes: int
    current: bool


class ColourAnswer(_Answer):
    """A colour of the look, by role: the show's own, if any, and the one that is seen now (#RRGGBB)."""

    role: str
    own: str | None
    seen: str


class UnreadAnswer(_Answer):
    """A colour of the show's own that cannot be read where it stands."""

    shape: Format
    role: str
    layer: str
    contrast: float
    least: float


class LookAnswer(_Answer):
    """The look of a clip as it is now, and what the show says of it.

    Attributes:
        file: the show's clipper.toml; there: whether there is one.
        captions: the style of captions that the show says; null for the template's, which is `style`.
        unread: where a colour of the show's own cannot be read.
    """

    file: str
    there: bool
    colours: tuple[ColourAnswer, ...]
    captions: str | None
    style: str
    styles: tuple[str, ...]
    unread: tuple[UnreadAnswer, ...]


class LoudnessAnswer(_Answer):
    """How loud a clip's finished sound is and is to be, in LUFS, its true peak in dBTP; null: silent.

    Attributes:
        note: what could not be reached.
    """

    integrated: float | None
    true_peak: float | None
    wanted: float
    note: str
