"""What a page may ask of a plan, a small typed thing each.

In: JSON from the page; out: `Asked`, which can be laid on a plan. Everything is done by functions of `plan/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from clipper.errors import UsageError
from clipper.plan import marks, striking
from clipper.plan.edits import Edge, Said, Unit, closing_cut, opening_cut, step
from clipper.plan.model import Clip, Format, Plan
from clipper.plan.resized import bordered, merge, recaptioned, resized, split
from clipper.speech.model import Word

SNAP = 2  # words: a border put so close to a sentence's goes there

ClipId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,30}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Passage = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Number = Annotated[int, Field(ge=0, le=10_000_000)]


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    clip: ClipId

    def apply(self, plan: Plan, said: Said) -> Plan:
        """The plan with it done."""
        return plan.with_clip(self.changed(find(plan, self.clip), said))

    def changed(self, clip: Clip, said: Said) -> Clip:
        """The clip with it done."""
        raise NotImplementedError

    def touched(self, plan: Plan) -> object:
        """What of a plan this replaces."""
        clip = next((c for c in plan.clips if c.id == self.clip), None)
        return None if clip is None else self.part(clip)

    def part(self, clip: Clip) -> object:
        """What of a clip this replaces."""
        raise NotImplementedError


class Pick(_Asked):
    """Keep (true), leave (false) or think again (null)."""

    do: Literal["pick"]
    picked: bool | None

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(picked=self.picked, proposed_picked=None)

    def part(self, clip: Clip) -> object:
        return clip.picked


class Title(_Asked):
    """Another title; an empty one is that of the proposal."""

    do: Literal["title"]
    title: Line

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(title=" ".join(self.title.split()) or clip.proposed_title or clip.title)

    def part(self, clip: Clip) -> object:
        return clip.title


class Hook(_Asked):
    """Another line on the picture; empty: the title stands there."""

    do: Literal["hook"]
    hook: Line

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(hook=" ".join(self.hook.split()))

    def part(self, clip: Clip) -> object:
        return clip.hook


class Step(_Asked):
    """One border moved by whole sentences or words; negative is earlier."""

    do: Literal["step"]
    edge: Edge
    count: Annotated[int, Field(ge=-500, le=500)]
    unit: Unit = "sentence"

    def changed(self, clip: Clip, said: Said) -> Clip:
        seconds = clip.span.start if self.edge == "start" else clip.span.end
        return bordered(clip, self.edge, step(seconds, self.edge, self.count, said, self.unit), said)

    def part(self, clip: Clip) -> object:
        return clip.span


class Place(_Asked):
    """One border put at a word: the first one (start) or the last one (end) that is to be heard.

    With `snap` it goes to the border of a sentence that is at most two words away.
    """

    do: Literal["place"]
    edge: Edge
    word: Number
    snap: bool = False

    def changed(self, clip: Clip, said: Said) -> Clip:
        word = self.word
        if word >= len(said.words):
            raise UsageError(f"there is no word {word}", f"the episode has {len(said.words)}")
        if self.snap:
            borders = (s.first if self.edge == "start" else s.last - 1 for s in said.sentences)
            word = min((b for b in borders if abs(b - word) <= SNAP), key=lambda b: abs(b - self.word), default=word)
        cut = opening_cut(said.words, word) if self.edge == "start" else closing_cut(said.words, word, said.duration)
        return bordered(clip, self.edge, cut, said)

    def part(self, clip: Clip) -> object:
        return clip.span


class Back(_Asked):
    """The borders as they were proposed."""

    do: Literal["back"]

    def changed(self, clip: Clip, said: Said) -> Clip:
        return resized(clip, clip.proposed, said, {"start_wish": None, "end_wish": None})

    def part(self, clip: Clip) -> object:
        return clip.span


class Correct(_Asked):
    """Other words in the place of the episode's words `first` up to `last`; empty text: they are not shown."""

    do: Literal["correct"]
    first: Number
    last: Number
    written: Line

    def changed(self, clip: Clip, said: Said) -> Clip:
        words, first, last, gone = _inside(self.first, self.last, clip, said)
        return clip.changed(captions=marks.corrected(words, clip.captions, first, last, self.written, gone))

    def part(self, clip: Clip) -> object:
        return clip.captions


class Emphasise(_Asked):
    """The episode's words `first` up to `last` stand out in the captions, or no longer."""

    do: Literal["emphasise"]
    first: Number
    last: Number
    on: bool = True

    def changed(self, clip: Clip, said: Said) -> Clip:
        words, first, last, gone = _inside(self.first, self.last, clip, said)
        return clip.changed(captions=marks.emphasised(words, clip.captions, first, last, self.on, gone))

    def part(self, clip: Clip) -> object:
        return clip.captions


class Strike(_Asked):
    """The episode's words `first` up to `last` are left out (drop), covered by a tone or by quiet, or kept though
    tightening would take them out; with `on` false no longer.
    """

    do: Literal["strike"]
    first: Number
    last: Number
    how: striking.Mark = "drop"
    on: bool = True

    def apply(self, plan: Plan, said: Said) -> Plan:
        clip = find(plan, self.clip)
        if not 0 <= self.first < self.last <= len(said.words):
            raise UsageError("there are no such words", f"the episode has {len(said.words)}")
        do = striking.mark if self.on else striking.unmark
        after = do(plan, self.clip, self.how, said, self.first, self.last)
        return after.with_clip(recaptioned(clip, find(after, self.clip), said))

    def part(self, clip: Clip) -> object:
        return getattr(clip, self.how)


class Split(_Asked):
    """Two clips of one, the second from the episode's word `word` on."""

    do: Literal["split"]
    word: Number

    def apply(self, plan: Plan, said: Said) -> Plan:
        find(plan, self.clip)
        return split(plan, self.clip, said, self.word)

    def part(self, clip: Clip) -> object:
        return clip.span


class Merge(_Asked):
    """One clip of two; what lies between them is left out of it."""

    do: Literal["merge"]
    other: ClipId

    def apply(self, plan: Plan, said: Said) -> Plan:
        return merge(plan, self.clip, self.other, said)

    def touched(self, plan: Plan) -> object:
        return [c for c in plan.clips if c.id in (self.clip, self.other)]


class Captions(_Asked):
    """The passage as it is to be read; empty: as it was heard."""

    do: Literal["captions"]
    captions: Passage

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(captions=" ".join(self.captions.split()))

    def part(self, clip: Clip) -> object:
        return clip.captions


class Look(_Asked):
    """A clip's own template; null: the plan's."""

    do: Literal["look"]
    template: Line | None

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(template=self.template or None)

    def part(self, clip: Clip) -> object:
        return clip.template


class Shapes(_Asked):
    """A clip's own shapes; null: the plan's."""

    do: Literal["shapes"]
    formats: Annotated[tuple[Format, ...], Field(min_length=1, max_length=3)] | None

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(formats=None if self.formats is None else tuple(dict.fromkeys(self.formats)))

    def part(self, clip: Clip) -> object:
        return clip.formats


class Sound(_Asked):
    """A clip's own wishes for its sound; null: as in the plan. What is not named stays."""

    do: Literal["sound"]
    tighten: bool | None = None
    music: Line | None = None
    intro: Line | None = None
    outro: Line | None = None
    clean: Annotated[tuple[Line, ...], Field(max_length=8)] | None = None

    def changed(self, clip: Clip, said: Said) -> Clip:
        return clip.changed(**self.model_dump(include=self._named))

    def part(self, clip: Clip) -> object:
        return [getattr(clip, name) for name in sorted(self._named)]

    @property
    def _named(self) -> set[str]:
        return self.model_fields_set - {"do", "clip"}


def find(plan: Plan, name: str) -> Clip:
    """The clip of that id.

    Raises:
        UsageError: the plan has none.
    """
    found = next((c for c in plan.clips if c.id == name), None)
    if found is None:
        raise UsageError(f"the plan has no clip {name}", f"it has {', '.join(c.id for c in plan.clips) or 'none'}")
    return found


def _inside(first: int, last: int, clip: Clip, said: Said) -> tuple[Sequence[Word], int, int, set[int]]:
    """The clip's words; the wanted ones and those that are left out by their numbers in it."""
    begin, end = said.word_at(clip.span.start), said.word_at(clip.span.end)
    if not begin <= first < last <= end:
        raise UsageError("these words are not in the clip", "move the clip's border first")
    gone = {i - begin for i in striking.marked(clip, "drop", said)}
    return said.words[begin:end], first - begin, last - begin, gone
