"""A plan as the page gets it. In: a `Desk` and its `State`; out: the models of `answers`, filled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from clipper import cache
from clipper.batch.wishes import show_of
from clipper.errors import ClipperError
from clipper.plan import marks, striking
from clipper.plan.edits import Said
from clipper.plan.model import Clip, Plan
from clipper.plan.pieces import Pieces, pieces
from clipper.plan.removals import offered, removals
from clipper.plan.soundwishes import sound_wishes
from clipper.plan.tighten import Rules
from clipper.show import Show
from clipper.speech.model import Word
from clipper.studio.answers import (
    ClipAnswer,
    Done,
    Mark,
    Piece,
    PlanAnswer,
    ProblemAnswer,
    Promise,
    SoundAnswer,
    SpellingAnswer,
    TranscriptAnswer,
    Trim,
)  # fmt: skip
from clipper.studio.desk import Desk, State
from clipper.studio.journal import Change

UNSURE = 0.5  # of a word's confidence
RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug"})
# of a clip, what neither its picture nor its sound nor its words show: a verdict draws nothing anew
UNSEEN = {
    "picked", "reasons", "warnings", "topic", "proposed", "proposed_title", "proposed_hook", "proposed_picked",
    "start_wish", "end_wish",
}  # fmt: skip
OPENING = 12  # words that a card shows of a clip's beginning, and of its end


def plan_answer(desk: Desk, state: State) -> PlanAnswer:
    """The plan with what a page needs to show it."""
    plan, journal = state.plan, desk.journal
    words, said = _words(desk, state)
    audio = desk.folder.find(plan.audio)
    known = _Known(desk, plan, said, words, show_of(plan.episode, desk.out))
    return PlanAnswer(
        version=state.version,
        words=words,
        show=plan.show,
        number=plan.number,
        title=plan.title,
        guests=plan.guests,
        template=plan.template,
        formats=plan.formats,
        clips=tuple(_clip(c.model_dump_json(), known.facts, known) for c in plan.clips),
        coverage=tuple(Promise(topic=topic, what=what) for topic, what in plan.coverage),
        spelling=tuple(
            SpellingAnswer(heard=r.heard, written=r.written, count=r.count, where=r.where, applied=r.applied)
            for r in plan.spelling
        ),
        sound=_sound(plan),
        tightens=known.show.sound.tighten or False,
        speakers=dict(plan.speakers),
        undo=_last(journal.done),
        redo=_last(journal.undone),
        source=audio is not None and audio.is_file(),
        problem=state.problem
        and ProblemAnswer(error=state.problem.message, mend=state.problem.mend, restorable=state.problem.restorable),
    )


class _Known:
    """What all clips of an answer share; `facts` names it."""

    def __init__(self, desk: Desk, plan: Plan, said: Said, words: str, show: Show) -> None:
        self.desk, self.plan, self.said, self.words, self.show = desk, plan, said, words, show
        fields = plan.model_dump(mode="json", exclude={"clips", "coverage", "spelling", "speakers", "last_id"})
        self.facts = cache.key("studio-plan", 1, out=str(desk.out), plan=fields, words=words, show=str(show))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=2048)
def _clip(dumped: str, facts: str, known: _Known) -> ClipAnswer:
    """One clip; worked out anew only when it or what all clips share has changed."""
    clip, plan, said = Clip.model_validate_json(dumped), known.plan, known.said
    first, last = said.word_at(clip.span.start), said.word_at(clip.span.end)
    heard = said.words[first:last]
    lines = clip.text.split("\n")
    gone = striking.marked(clip, "drop", said)
    wishes = sound_wishes(clip, plan, known.show.sound, known.desk.out, known.show.folder)
    rules = Rules.of(wishes.pause, None)
    removed = removals(clip, said, rules if wishes.tighten else None)
    played = pieces(clip, removed, separator=wishes.gap if clip.trailer else 0.0)
    return ClipAnswer(
        id=clip.id,
        title=clip.title,
        hook=clip.hook,
        headline=clip.headline,
        span=clip.span,
        proposed=clip.proposed,
        first=first,
        last=last,
        picked=clip.picked,
        text=clip.text,
        opens=_some(lines[0], head=True),
        closes=_some(lines[-1], head=False),
        captions=clip.captions,
        marks=_marks(heard, clip.captions, first, {i - first for i in gone}),
        reasons=clip.reasons,
        warnings=clip.warnings,
        notes=said.edge_notes(clip.span),
        topic=clip.topic,
        template=clip.template,
        formats=clip.formats,
        speakers=tuple(dict.fromkeys(w.speaker for w in heard if w.speaker)),
        own=clip.proposed_title is None,
        look=cache.key("studio-look", 2, clip=clip.model_dump(mode="json", exclude=UNSEEN), facts=facts),
        seconds=played.seconds,
        pieces=_pieces(played),
        drop=tuple(sorted(gone)),
        bleep=tuple(sorted(striking.marked(clip, "bleep", said))),
        mute=tuple(sorted(striking.marked(clip, "mute", said))),
        keep=tuple(sorted(striking.marked(clip, "keep", said))),
        trims=tuple(
            Trim(words=r.words, start=r.span.start, end=r.span.end, kind=r.kind, text=r.text)
            for r in offered(clip, said, rules)
        ),
        sound=_sound(clip),
    )


def _pieces(played: Pieces) -> tuple[Piece, ...]:
    rows = zip(played.starts, played.spans, strict=True)
    return tuple(Piece(at=at, start=span.start, end=span.end) for at, span in rows)


def _last(changes: Sequence[Change]) -> Done | None:
    return Done(what=changes[-1].what[0], clip=changes[-1].what[1]) if changes else None


def _sound(one: Clip | Plan) -> SoundAnswer:
    return SoundAnswer(tighten=one.tighten, music=one.music, intro=one.intro, outro=one.outro, clean=one.clean)


def _words(desk: Desk, state: State) -> tuple[str, Said]:
    try:
        return desk.words_version, desk.said
    except ClipperError:  # without a transcript there is a problem to be told, and nothing to be counted
        if state.problem is None:
            raise
        return "", Said((), ())


def _marks(heard: Sequence[Word], captions: str, first: int, gone: set[int]) -> tuple[Mark, ...]:
    if not captions:
        return ()
    tokens = marks.shown(heard, captions, gone)
    covered = {i for t in tokens for i in range(t.first, t.last)} | gone
    out = [
        Mark(first=first + t.first, last=first + t.last, text=t.text, loud=t.loud)
        for t in tokens
        if t.loud or t.last - t.first != 1 or t.text != heard[t.first].text
    ]
    left_out = (first + i for i in range(len(heard)) if i not in covered)
    out += [Mark(first=i, last=i + 1, text="", loud=False) for i in left_out]
    return tuple(sorted(out, key=lambda m: m.first))


def _some(line: str, *, head: bool) -> str:
    words = line.split()
    if len(words) <= OPENING:
        return line
    return " ".join(words[:OPENING]) + " …" if head else "… " + " ".join(words[-OPENING:])


def transcript_answer(desk: Desk) -> TranscriptAnswer:
    """The words of the episode."""
    transcript, said = desk.transcript, desk.said
    words = transcript.words
    turns = [(i, w.speaker) for i, w in enumerate(words) if i == 0 or w.speaker != words[i - 1].speaker]
    return TranscriptAnswer(
        version=desk.words_version,
        language=transcript.language,
        duration=transcript.duration,
        rtl=transcript.language.split("-")[0] in RIGHT_TO_LEFT,
        text=tuple(w.text for w in words),
        start=tuple(round(w.start * 100) for w in words),
        end=tuple(round(w.end * 100) for w in words),
        glued=tuple(i for i, w in enumerate(words) if not w.space),
        unsure=tuple(i for i, w in enumerate(words) if w.confidence is not None and w.confidence < UNSURE),
        sentences=tuple(s.first for s in said.sentences),
        turns=tuple(i for i, _ in turns),
        voices=tuple(who for _, who in turns),
    )
