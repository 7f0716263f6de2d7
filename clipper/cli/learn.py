"""`clipper learn`: a show's own weights from what was picked and left. In: folders of plans; out: a file of weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clipper.cli import options as o

if TYPE_CHECKING:
    from clipper.batch.learn import Past
    from clipper.batch.learnt import Lessons


def learn(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER...",
            help="Folders that make or find wrote, or one above them; with --undo, the folder of the show.",
            show_default="the present folder",
        ),
    ] = None,
    show: Annotated[
        Path | None,
        typer.Option(
            "--show", metavar="FOLDER", help="Where the show's clipper.toml lies.", show_default="as for find"
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was learnt last.")] = False,
    as_json: o.Json = False,
) -> None:
    """Learn from what you picked, left and lengthened in past plans which passages your show prefers, and from what you
    corrected how its names are spelled and how its people sound.

    Says what it learnt and how sure it is, of passages from 20 choices on, and writes clipper.learnt.toml beside your
    clipper.toml; find and make go by it from then on. Nothing leaves this machine.
    """
    from clipper.batch import learn as work
    from clipper.batch import learnt as file
    from clipper.cli.answer import print_json
    from clipper.cli.console import say

    places = folders or [Path()]
    if undo:
        back, again = file.undo(show or places[0])
        if as_json:
            print_json({"undone": str(back), "again": again})
        else:
            typer.echo("What was learnt before holds again." if again else "The shipped weights hold again.")
        return
    past = work.past(places)
    for note in past.notes:
        say(f"note: {note}")
    place = work.show_for(past, show)
    lessons = work.lessons(past, place)
    path = file.keep(lessons, place) if lessons.any else None
    if as_json:
        print_json(_document(past, lessons, path))
    else:
        _tell(past, lessons, path)


def _tell(past: Past, lessons: Lessons, path: Path | None) -> None:
    from clipper.batch.learn import lengthening
    from clipper.cli.console import terminal

    console = terminal(highlight=False, emoji=False, markup=False, soft_wrap=True)
    learnt = lessons.weights
    if learnt is None:
        console.print(f"The weights stay as they are: {lessons.why}.")
    else:
        left = learnt.choices - learnt.picked
        console.print(
            f"From {learnt.choices} choices in {learnt.episodes} episodes ({learnt.picked} picked, {left} left):"
        )
        if not learnt.lessons:
            console.print("nothing sure was learnt: your picks differ from the rest by no more than chance would make.")
            console.print("The weights stay as they are.")
        for lesson in learnt.lessons:
            console.print(f"  {lesson.words}: {lesson.signal} {lesson.before:g} → {lesson.after:g}")
    if learnt is not None and learnt.lessons:
        before, after = (f"{share * 100:.0f}" for share in learnt.held_out)
        console.print(
            f"Tried on each episode without its own choices: your order in {after} of 100 pairs, "
            f"{before} with the shipped weights."
        )
    for heard, written in lessons.fresh.items():
        console.print(
            f"“{heard}” is left as it is from now on." if heard == written
            else f"“{heard}” is written “{written}” from now on."
        )  # fmt: skip
    for name, seconds in lessons.heard.items():
        console.print(f"{name} is known by voice from now on ({seconds:.0f} s heard).")
    for heard in lessons.unlike:
        console.print(f"Your plans do not agree on “{heard}”: left out.")
    for name in lessons.odd:
        console.print(f"{name} does not sound like one person in your plans: left out.")
    longer = lengthening(past)
    if longer is not None:
        console.print(f"Also, {longer}.")
    if path is not None:
        console.print(f"Written to {path}. Take it back with: clipper learn --undo {path.parent}")


def _document(past: Past, lessons: Lessons, path: Path | None) -> dict[str, Any]:
    """The same as JSON; `written` is null where nothing sure was learnt."""
    learnt = lessons.weights
    names = {"names": dict(lessons.fresh), "voices": {name: round(s) for name, s in lessons.heard.items()}}
    if learnt is None:
        return {"plans": past.plans, "choices": len(past.choices), "learnt": [], **names,
                "written": str(path) if path is not None else None, "notes": [*past.notes, lessons.why]}  # fmt: skip
    return {
        "plans": past.plans,
        "choices": learnt.choices,
        "picked": learnt.picked,
        "left": learnt.choices - learnt.picked,
        "lengthened": len(past.lengthened),
        "episodes": learnt.episodes,
        **names,
        "learnt": [
            {"signal": x.signal, "words": x.words, "sure": round(x.sure, 3), "before": x.before, "after": x.after}
            for x in learnt.lessons
        ],
        "held_out": dict(zip(("shipped", "learnt"), (round(v, 3) for v in learnt.held_out), strict=True))
        if learnt.lessons
        else None,
        "written": str(path) if path is not None else None,
        "notes": past.notes,
    }
