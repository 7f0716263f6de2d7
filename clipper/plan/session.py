"""Going through the candidates one by one: a state and a key in, a new state out. Pure; drawing and saving are others'.

After the last clip comes an end page (`at` is the number of clips), from where one can still undo and go back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from clipper.errors import InputError
from clipper.plan.edits import Edge, Said, step
from clipper.plan.model import Clip, Plan
from clipper.plan.removals import Removal, offered, removals
from clipper.plan.striking import mark, unmark
from clipper.plan.tighten import Rules
from clipper.span import Span

NOTHING_ELSE = "nothing else there would stand alone and is not in the plan already"
DIGITS = "123456789"
STEPS: dict[str, tuple[Edge, int]] = {"<": ("start", -1), ">": ("start", 1), "-": ("end", -1), "+": ("end", 1)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one key changed: the clip as it was before, and where it stands."""

    at: int
    before: Clip


@dataclass(frozen=True, slots=True)
class Tight:
    """How clips are tightened: the show's rules, and whether it tightens where neither clip nor plan says."""

    rules: Rules = field(default_factory=Rules.of)
    usual: bool = False

    def holds(self, plan: Plan, clip: Clip) -> bool:
        """Whether this clip is tightened."""
        said = (clip.tighten, plan.tighten, self.usual)
        return next(one for one in said if one is not None)


@dataclass(frozen=True, slots=True)
class Session:
    """Where somebody is in the plan.

    Attributes:
        plan: with every answer so far.
        at: the number of the clip on the page; the number of clips on the end page.
        history: every answer of this session, last one last; undo takes from it.
        note: one line to be told about the last key; mostly empty.
        done: whether to stop.
    """

    plan: Plan
    at: int = 0
    history: tuple[Answer, ...] = ()
    note: str = ""
    done: bool = False

    @property
    def clip(self) -> Clip | None:
        """The clip on the page; None on the end page."""
        return self.plan.clips[self.at] if self.at < len(self.plan.clips) else None


def begin(plan: Plan) -> Session:
    """A session that opens on the first clip that is not decided yet, or on the first."""
    at = next((i for i, c in enumerate(plan.clips) if c.picked is None), 0)
    return Session(plan, at)


def apply(session: Session, key: str, said: Said | None = None, title: str = "", tight: Tight | None = None) -> Session:
    """The session after one key.

    Args:
        key: t take, l leave, < > start one sentence earlier or later, - + end one earlier or later, r retitle,
            u undo, b back, n next, q quit. Any other leaves everything as it is, with a note.
        said: for moving edges; None where there is no transcript.
        title: for r, the new one; empty keeps the old one.
        tight: for x (tighten this clip, or not) and 1 to 9 (leave that pause or filler in, or take it out again).
    """
    session = replace(session, note="")
    clip, last = session.clip, len(session.plan.clips)
    if key == "q":
        return replace(session, done=True)
    if key == "u":
        return _undone(session)
    if key == "b":
        return replace(session, at=max(0, session.at - 1), note="" if session.at else "this is the first one")
    if key == "n":
        return replace(session, at=min(session.at + 1, last))
    if clip is None:
        return replace(session, note="all clips have been gone through: undo, back or quit")
    if key in ("t", "l"):
        # Decided by a person from now on, whatever was marked before.
        return replace(_answered(session, clip, picked=key == "t", proposed_picked=None), at=session.at + 1)
    if key == "r":
        title = " ".join(title.split())
        return _answered(session, clip, title=title) if title else replace(session, note="the title stays")
    if key == "x" or key in DIGITS:
        return _tightened(session, clip, key, said, tight or Tight())
    if key in STEPS:
        return _moved(session, clip, key, said)
    return replace(session, note=f"there is no key {key!r} here")


def _tightened(session: Session, clip: Clip, key: str, said: Said | None, tight: Tight) -> Session:
    if said is None or not said.words:
        return replace(session, note="there is no transcript in this folder, so nothing can be tightened")
    if key == "x":
        return _answered(session, clip, tighten=not tight.holds(session.plan, clip))
    rows = cuts(session.plan, clip, said, tight)
    number = int(key) - 1
    if number >= len(rows):
        return replace(session, note="this clip is not tightened: x does" if not rows else f"there is no cut {key}")
    removal, kept = rows[number]
    at = removal.words or (said.word_at(removal.span.end),)
    change = unmark if kept else mark
    after = change(session.plan, clip.id, "keep", said, at[0], at[-1] + 1)
    changed = next(c for c in after.clips if c.id == clip.id)
    return _answered(session, clip, keep=changed.keep)


def cuts(plan: Plan, clip: Clip, said: Said, tight: Tight) -> list[tuple[Removal, bool]]:
    """What tightening takes out of a clip, and whether the producer keeps it; nothing where it is not tightened."""
    if not tight.holds(plan, clip):
        return []
    gone = set(removals(clip, said, tight.rules))
    return [(one, one not in gone) for one in offered(clip, said, tight.rules)][: len(DIGITS)]


def reread(session: Session, plan: Plan) -> Session:
    """The session on a plan that somebody changed in the file meanwhile; what can still be undone stays undoable."""
    places = {c.id: i for i, c in enumerate(plan.clips)}
    here = session.clip
    at = len(plan.clips) if here is None else places.get(here.id, min(session.at, len(plan.clips)))
    history = tuple(Answer(places[a.before.id], a.before) for a in session.history if a.before.id in places)
    return Session(plan, at, history)


def grown(session: Session, plan: Plan, new: tuple[str, ...], what: str) -> Session:
    """The session after further clips were put into the plan: on the first of them, if there are any."""
    if not new:
        return replace(session, note=f"{what}: {NOTHING_ELSE}")
    after = reread(session, plan)
    at = next(i for i, c in enumerate(plan.clips) if c.id == new[0])
    return replace(after, at=at, note=f"{what}: {', '.join(new)}")


def _answered(session: Session, clip: Clip, **fields: object) -> Session:
    changed = clip.changed(**fields)
    if changed == clip:
        return session
    return replace(session, plan=session.plan.with_clip(changed), history=(*session.history, Answer(session.at, clip)))


def _undone(session: Session) -> Session:
    if not session.history:
        return replace(session, note="nothing to undo")
    *earlier, answer = session.history
    return replace(
        session,
        plan=session.plan.with_clip(answer.before),
        at=answer.at,
        history=tuple(earlier),
        note="undone",
    )


def _moved(session: Session, clip: Clip, key: str, said: Said | None) -> Session:
    edge, count = STEPS[key]
    if clip.trailer:
        return replace(session, note="a trailer begins and ends as its soundbites do: change them in clips.yaml")
    if said is None or not said.words:
        return replace(session, note="there is no transcript in this folder, so sentences cannot be counted")
    try:
        seconds = step(clip.span.start if edge == "start" else clip.span.end, edge, count, said)
    except InputError:
        return replace(session, note=f"there is no sentence further {'back' if count < 0 else 'on'}")
    start, end = (seconds, clip.span.end) if edge == "start" else (clip.span.start, seconds)
    if said.word_at(start) >= said.word_at(end):
        return replace(session, note="nothing would be left of it")
    span = Span(start=start, end=end)
    wishes: dict[str, object] = {f"{edge}_wish": None}
    return _answered(session, clip, span=span, text=said.text(span, clip.dropped), **wishes)
