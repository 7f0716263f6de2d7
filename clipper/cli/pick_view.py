"""What `clipper pick` shows: a session in, text for a terminal of any width out. Plain without colour, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clipper.errors import one_line
from clipper.plan.edits import Said
from clipper.plan.model import Clip, Plan
from clipper.plan.pieces import pieces
from clipper.plan.removals import removals
from clipper.plan.session import Session, Tight, cuts
from clipper.span import clock

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STATE = {True: "taken", False: "left out", None: "undecided"}


def page(
    console: Console,
    session: Session,
    said: Said | None,
    *,
    player: bool,
    more: bool = False,
    tight: Tight | None = None,
) -> None:
    """One clip with the sentences around it, why it was proposed, and the keys."""
    from rich.table import Table
    from rich.text import Text

    clip = session.clip
    if clip is None:
        end_page(console, session)
        return
    _rule(console, f"{session.at + 1} of {len(session.plan.clips)}: {clip.id}, {STATE[clip.picked]}")
    console.print(Text(one_line(clip.title, 200), style="bold"))
    console.print(Text(_times(clip, said, session.plan, tight)))
    if clip.span != clip.proposed:
        changed = f"proposed: {clock(clip.proposed.start)} to {clock(clip.proposed.end)}"
        console.print(Text(f"{changed}, {clip.proposed.seconds:.0f} s", style="dim"))
    if clip.proposed_title is not None and clip.title != clip.proposed_title:
        console.print(Text(f"proposed title: {one_line(clip.proposed_title, 200)}", style="dim"))
    console.print()
    before, after = said.around(clip.span) if said else ("", "")
    words = Table.grid(padding=(0, 1))
    words.add_column(width=1)
    words.add_column(overflow="fold")
    if before:
        words.add_row("", Text(f"({one_line(before, 400)})", style="dim"))
    for line in clip.text.split("\n"):
        text = one_line(line, 10_000)
        for row in Text(text).wrap(console, max(20, console.width - 2)):
            words.add_row("|", row)
    if after:
        words.add_row("", Text(f"({one_line(after, 400)})", style="dim"))
    console.print(words)
    console.print()
    notes = Table.grid(padding=(0, 2))
    notes.add_column(no_wrap=True)
    notes.add_column(overflow="fold")
    for head, lines in (
        ("Why", clip.reasons),
        ("Mind", (*clip.warnings, *(said.edge_notes(clip.span) if said else ()))),
        ("Sound", _sound(session, said, tight)),
    ):
        for number, line in enumerate(lines):
            notes.add_row(head if number == 0 else "", Text(one_line(line)))
    if notes.row_count:
        console.print(notes)
        console.print()
    console.print(_keys(player, edges=said is not None and bool(said.words), more=more))
    _note(console, session)


def end_page(console: Console, session: Session) -> None:
    """Below the last clip: what has been decided."""
    clips = session.plan.clips
    open_ = sum(c.picked is None for c in clips)
    _rule(console, "that was the last one")
    if open_:
        console.print(f"{open_} of {len(clips)} still undecided.")
    console.print("[u]ndo  [b]ack  [q]uit", markup=False)
    _note(console, session)


def summary(console: Console, session: Session, command: str) -> None:
    """What is picked, and the next command."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    clips = session.plan.clips
    picked = [c for c in clips if c.picked]
    left, open_ = sum(c.picked is False for c in clips), sum(c.picked is None for c in clips)
    console.print()
    if picked:
        table = Table(box=box.ASCII2 if not console.encoding.startswith("utf") else box.SIMPLE_HEAD, pad_edge=False)
        for name, right in (("clip", False), ("start", True), ("length", True), ("title", False)):
            table.add_column(name, justify="right" if right else "left", no_wrap=name != "title", overflow="fold")
        for c in picked:
            table.add_row(c.id, clock(c.span.start, 0), f"{c.span.seconds:.0f} s", Text(one_line(c.title, 200)))
        console.print(table)
    console.print(f"{len(picked)} picked, {left} left out, {open_} undecided.", highlight=False)
    if picked:
        console.print(Text(f"Next: {command}"), soft_wrap=True)


def _sound(session: Session, said: Said | None, tight: Tight | None) -> list[str]:
    """What is left out of the clip or covered, a line each; what tightening takes out with the key that keeps it."""
    clip = session.clip
    if clip is None:
        return []
    lines = [f"left out: {p.text}" for p in clip.drop]
    lines += [
        f"{how}: {p.text}" for how, passages in (("bleeped", clip.bleep), ("silent", clip.mute)) for p in passages
    ]
    rows = cuts(session.plan, clip, said, tight) if said and tight else []
    for number, (one, kept) in enumerate(rows, 1):
        what = f"“{one.text}”" if one.kind == "filler" else f"{one.span.seconds:.1f} s of the pause before “{one.text}”"
        lines.append(f"[{number}] {'kept' if kept else 'out'}: {what} at {clock(one.span.start)}")
    return lines


def _times(clip: Clip, said: Said | None, plan: Plan, tight: Tight | None) -> str:
    about = f", about: {one_line(clip.topic, 120)}" if clip.topic else ""
    rules = tight.rules if tight and tight.holds(plan, clip) else None
    seconds = pieces(clip, removals(clip, said, rules)).seconds
    return f"{seconds:.0f} s, {clock(clip.span.start)} to {clock(clip.span.end)}{about}"


def _keys(player: bool, *, edges: bool, more: bool) -> Text:
    from rich.text import Text

    first = "[t]ake  [l]eave" + ("  [p]lay" if player else "") + "  [r]etitle  [u]ndo  [b]ack  [n]ext  [q]uit"
    second = "\nstart [<] earlier [>] later    end [-] earlier [+] later    (by a sentence)" if edges else ""
    second += "\n[x] tighten: long pauses and “uh” out    [1-9] keep one of them" if edges else ""
    third = "\nadd: [m]ore like it  [a]nother from this part of the episode" if more else ""
    return Text(first + second + third)


def _rule(console: Console, text: str) -> None:
    from rich.text import Text

    line = f"-- {text} "
    console.print(Text(line + "-" * max(0, console.width - len(line)), no_wrap=True, overflow="crop"))


def _note(console: Console, session: Session) -> None:
    from rich.text import Text

    if session.note:
        console.print(Text(f"({one_line(session.note)})"))
