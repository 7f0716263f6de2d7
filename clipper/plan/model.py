"""The plan of an episode: which clips there are to be, and what the producer said of each."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from clipper.span import Span
from clipper.speech.spelled import Spelling

Format = Literal["vertical", "square", "wide"]
FORMATS: tuple[Format, ...] = ("vertical", "square", "wide")
SCHEMA = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wish(_Frozen):
    """What the producer wrote for an edge in place of a time, and the second it came to.

    It is written back as it was as long as the edge still lies at `at`.
    """

    text: str
    at: float


class Passage(_Frozen):
    """Words or times as the producer put them, and where in the source that is.

    Attributes:
        text: as the plan's file has it: `you know`, `you know @ 0:41.20` or `0:41.20 to 0:43.10`.
        spans: in seconds of the source, in order; none where the clip does not hold it (any more).
    """

    text: str
    spans: tuple[Span, ...] = ()


class Clip(_Frozen):
    """One clip, ready to be cut. Times are kept to the millisecond, as the plan's file writes them.

    Attributes:
        id: "c1", "c2", ...: stays with the clip when it is retitled or lengthened.
        title: the producer's words; also the headline on the picture, where there is no hook.
        hook: the line on the picture; "" for the title.
        span: the cut, in seconds of the source.
        proposed: what clipper proposed, kept so that a wish like "-1 sentence" has something to start from.
        picked: true to be rendered, false left out, null while undecided.
        text: what is said in it, one sentence a line, for reading in the plan.
        captions: the passage as the producer wants it read, `*stars*` around what is to stand out; "": as it was heard.
        reasons: why it was proposed, in words.
        topic: the page's bullet it is about.
        template, formats: null means as in the plan.
        proposed_title: what clipper called it; null for a clip that the producer added.
        proposed_hook: the hook that clipper proposed; null where it proposed none.
        proposed_picked: what clipper set `picked` to; null once the producer has decided.
        start_wish, end_wish: how the producer put the edges ("-1 sentence"); null where the file has a time.
        drop: what is left out of the clip.
        bleep, mute: what is covered by a tone, or by the room's own quiet.
        tighten: whether long pauses are shortened and fillers taken out; null means as in the plan.
        keep: what tightening would take out and the producer wants to hear: a filler, or the word before or after a
            pause.
        soundbites: of a trailer: the passages that it is made of, in its order; then `span` only reaches from the
            first to the last of them.
        music, intro, outro: files beside the plan; "none" for none; null means as in the plan.
        clean: steps of clean-up (see clipper/sound/clean.toml); null means as in the plan.
    """

    id: str
    title: str
    hook: str = ""
    span: Span
    proposed: Span
    picked: bool | None = None
    text: str = ""
    captions: str = ""
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    topic: str | None = None
    template: str | None = None
    formats: tuple[Format, ...] | None = None
    proposed_title: str | None = None
    proposed_hook: str | None = None
    proposed_picked: bool | None = None
    start_wish: Wish | None = None
    end_wish: Wish | None = None
    drop: tuple[Passage, ...] = ()
    bleep: tuple[Passage, ...] = ()
    mute: tuple[Passage, ...] = ()
    tighten: bool | None = None
    keep: tuple[Passage, ...] = ()
    soundbites: tuple[Passage, ...] = ()
    music: str | None = None
    intro: str | None = None
    outro: str | None = None
    clean: tuple[str, ...] | None = None

    @field_validator("span", "proposed")
    @classmethod
    def _to_the_millisecond(cls, span: Span) -> Span:
        return Span(start=round(span.start, 3), end=round(span.end, 3))

    @property
    def touched(self) -> bool:
        """Whether the producer changed or decided anything, or added the clip: such a clip is never dropped."""
        return (
            self.proposed_title is None
            or self.title != self.proposed_title
            or self.hook != (self.proposed_hook or "")
            or self.span != self.proposed
            or self.picked != self.proposed_picked
            or self.template is not None
            or self.formats is not None
            or bool(self.captions or self.drop or self.bleep or self.mute or self.keep or self.soundbites)
            or any(value is not None for value in (self.tighten, self.music, self.intro, self.outro, self.clean))
        )

    @property
    def dropped(self) -> tuple[Span, ...]:
        """What is left out, in seconds of the source."""
        return tuple(span for passage in self.drop for span in passage.spans)

    @property
    def trailer(self) -> bool:
        """Whether it is made of soundbites from several places."""
        return bool(self.soundbites)

    @property
    def headline(self) -> str:
        """What stands on the picture: the hook, or the title; a new title goes before a hook that was only proposed."""
        retitled = self.proposed_title is not None and self.title != self.proposed_title
        return self.title if retitled and self.hook == self.proposed_hook else self.hook or self.title

    def changed(self, **fields: object) -> Self:
        """A copy with other values, checked like a new one (model_copy does not check)."""
        return self.model_validate({**dict(self), **fields})


class Plan(_Frozen):
    """What OUT/clips.yaml says, with every time worked out.

    Attributes:
        episode: where the page, audio file or feed item came from, as the producer typed it.
        audio, cover, transcript: paths, relative to OUT where they lie in it, else absolute; null if not known yet.
        made_from: the digest of transcript, page and settings that the candidates came from.
        template, formats, tighten, music, intro, outro, clean: for every clip that does not say otherwise; null (for
            the last five) means as in the show's clipper.toml.
        coverage: a line for each bullet of the page: the bullet, and the clip it has or why it has none.
        spelling: words and names that are written otherwise than they were heard; see plan/spelling.py.
        speakers: a speaker's id in the transcript, and the name that is shown.
        captions_from: a transcript of the same sound that captions are made from, in another language for example.
        as_heard: no row of `spelling` is applied.
        last_id: the highest number that a clip id ever had here, so that none is used for another passage.
    """

    schema_number: int = SCHEMA
    episode: str = ""
    show: str | None = None
    number: int | None = None
    title: str | None = None
    guests: tuple[str, ...] = ()
    audio: str | None = None
    cover: str | None = None
    transcript: str | None = None
    made_from: str = ""
    template: str = "spotlight"
    formats: tuple[Format, ...] = Field(default=FORMATS, min_length=1)
    tighten: bool | None = None
    music: str | None = None
    intro: str | None = None
    outro: str | None = None
    clean: tuple[str, ...] | None = None
    clips: tuple[Clip, ...] = ()
    coverage: tuple[tuple[str, str], ...] = ()
    spelling: tuple[Spelling, ...] = ()
    speakers: dict[str, str] = {}
    as_heard: bool = False
    captions_from: str | None = None
    last_id: int = 0

    def with_clip(self, clip: Clip) -> Plan:
        """This plan with `clip` in the place of the one that has its id."""
        clips = tuple(clip if c.id == clip.id else c for c in self.clips)
        return self.model_copy(update={"clips": clips})
