"""`clipper pick OUT`: goes through the candidates with a person.

In: OUT and keys; out: OUT/clips.yaml, saved at every answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from clipper.cli.options import OutArgument

if TYPE_CHECKING:
    from rich.console import Console

    from clipper.batch.further import Further, Kind
    from clipper.cli.keys import Keys
    from clipper.cli.player import Player
    from clipper.plan.edits import Said
    from clipper.plan.model import Plan
    from clipper.plan.session import Session, Tight


def pick(out: OutArgument) -> None:
    """Go through the proposed clips: read, listen, take, leave, lengthen, retitle.

    Every answer is saved in OUT/clips.yaml at once; stop whenever you like and come back. On a terminal single keys
    are enough; from a pipe each line is one answer.
    """
    import sys

    from clipper.batch.folder import Folder
    from clipper.batch.planned import said_in
    from clipper.batch.wishes import show_of
    from clipper.cli.console import terminal
    from clipper.cli.keys import keys_from
    from clipper.cli.player import find_player
    from clipper.errors import Exit
    from clipper.plan import store
    from clipper.plan.session import Tight
    from clipper.plan.tighten import Rules

    if not store.exists(out):
        raise store.no_plan(out)
    said = said_in(Folder(out))
    plan = store.load(out, said)
    console = terminal(highlight=False, markup=False, emoji=False)
    more = _further(out, plan)
    sound = show_of(plan.episode, out).sound
    tight = Tight(Rules.of(sound.pause, said.language if said else None), sound.tighten)
    player = find_player(Folder(out).find(plan.audio))
    try:
        walk(out, plan, said, keys_from(sys.stdin), console, player, more, tight)
    except KeyboardInterrupt:
        console.print("\nStopped. Every answer so far is saved; the same command goes on from there.")
        raise typer.Exit(int(Exit.INTERRUPTED)) from None
    finally:
        if player is not None:
            player.stop()


def _further(out: Path, plan: Plan) -> Further | None:
    """What looks for more clips in this episode, of the lengths that the show has; None where there are no words."""
    from clipper.batch.band import lengths
    from clipper.batch.folder import Folder
    from clipper.batch.further import Further
    from clipper.batch.wishes import show_of
    from clipper.highlights.model import Settings

    if not Folder(out).transcript.is_file():
        return None
    ours = show_of(plan.episode, out).settings
    shortest, longest = lengths(None, None, (), (ours.min, ours.max))
    return Further(out, None, Settings(shortest=shortest, longest=longest))


def walk(
    folder: Path,
    plan: Plan,
    said: Said | None,
    keys: Keys,
    console: Console,
    player: Player | None = None,
    more: Further | None = None,
    tight: Tight | None = None,
) -> Session:
    """Shows clip after clip and saves every answer before the next page.

    Args:
        folder: OUT.
        said: words and sentences, None where there is no transcript (then edges cannot be moved by sentences).
        keys: where answers come from.
        player: for listening; None where nothing can play.
        more: looks for further clips; None where it cannot.
        tight: how clips are tightened; None for what is usual.

    Raises:
        InputError: clips.yaml was changed by somebody else meanwhile and cannot be read any more.
    """
    import shlex
    from dataclasses import replace

    from clipper.batch.lock import editing
    from clipper.cli import pick_view
    from clipper.errors import ClipperError
    from clipper.plan import store
    from clipper.plan.session import Tight, apply, begin, grown, reread

    tight = tight or Tight()
    session = begin(plan)
    known = store.digest(folder)
    while not session.done:
        if console.is_terminal:
            console.clear()
        if plan.clips:
            pick_view.page(console, session, said, player=player is not None, more=more is not None, tight=tight)
        else:
            console.print("There are no clips in this plan.")
            break
        key = keys.key()
        if player is not None:
            player.stop()
        if store.digest(folder) != known:
            # Somebody saved the file in an editor: theirs comes first, then this answer.
            shown = session.clip
            session = reread(session, store.load(folder, said))
            known = store.digest(folder)
            if shown != session.clip and key not in ("u", "q"):
                # The answer was to something else than what stands there now.
                session = replace(session, note="clips.yaml was changed meanwhile; this is what it says now")
                continue
        clip = session.clip
        if key == "p" and clip is not None:
            session = replace(session, note="playing; any key stops it" if player else NO_PLAYER)
            if player is not None:
                try:
                    player.play(clip.span)
                except (ClipperError, OSError) as error:
                    session = replace(session, note=f"it cannot be played: {error}")
            continue
        if key in MORE and clip is not None and more is not None:
            kind, what = MORE[key]
            if console.is_terminal:
                console.print("Looking ...")
            try:
                session = grown(session, *more.add(session.plan, clip.id, kind), what)
            except ClipperError as error:
                session = replace(session, note=f"{error.message}; {error.mend}")
            known = store.digest(folder)
            continue
        title = keys.title(clip.title) if key == "r" and clip is not None else ""
        after = apply(session, key, said, title, tight)
        if after.plan != session.plan:
            with editing(folder):
                if store.digest(folder) != known:  # in this very moment; the answer is asked for again
                    continue
                store.save(after.plan, folder)
                known = store.digest(folder)
        session = after
    pick_view.summary(console, session, f"clipper render {shlex.quote(str(folder))}")
    return session


MORE: dict[str, tuple[Kind, str]] = {
    "m": ("like", "more like it"),
    "a": ("part", "another from this part"),
}
NO_PLAYER = "nothing here can play sound: install ffmpeg (for ffplay) or mpv, and check that the audio is still there"
