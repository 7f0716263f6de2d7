"""`clipper templates`: looks as folders of data: listed, shown, begun, checked, looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipper.cli import options as o

app = typer.Typer(no_args_is_help=True, help="Looks for clips: list, show, begin, check and preview templates.")

NAME = typer.Argument(metavar="NAME", help="A template's name, or its folder.", show_default=False)
NameArgument = Annotated[str, NAME]


@app.command("list")
def list_templates(as_json: o.Json = False) -> None:
    """List the templates that came along."""
    from clipper.cli.answer import print_json
    from clipper.picture.template import load, names

    rows = [{"name": name, "description": load(name).description} for name in names()]
    if as_json:
        print_json({"templates": rows})
        return
    widest = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        typer.echo(f"{row['name']:<{widest}}  {row['description']}")


@app.command("show")
def show_template(name: NameArgument, as_json: o.Json = False) -> None:
    """Show a template's layers in each shape, its colours and its fonts."""
    from clipper.cli.answer import print_json
    from clipper.picture.template import FORMATS, load

    template = load(name)
    if as_json:
        print_json({"template": template.model_dump(mode="json", exclude={"files", "brand", "folder"})})
        return
    typer.echo(f"{template.name}: {template.description}\n  {template.folder}")
    for role, value in template.colours.items():
        typer.echo(f"  colour {role} = {value}{' (brand)' if role in template.brand else ''}")
    for role, value in template.fonts.items():
        typer.echo(f"  font {role} = {value}")
    for format_name in FORMATS:
        shape = template.shape(format_name)
        typer.echo(f"  {format_name}, {shape.size[0]} x {shape.size[1]}")
        for part in shape.layers:
            if part.shown:
                box = ", ".join(f"{v:g}" for v in part.box)
                typer.echo(f"    {part.name:<12} {getattr(part, 'kind', ''):<11} [{box}]")


@app.command("new")
def new_template(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A folder to make, here.", show_default=False)],
    origin: Annotated[str, typer.Option("--from", metavar="TEMPLATE", help="The template it extends.")] = "spotlight",
) -> None:
    """Begin a template of your own: a folder with a template.toml that extends another one."""
    from clipper.picture.template.begin import begin

    path = begin(name, origin)
    typer.echo(f"wrote {path}\n  look at it: clipper templates preview {path.parent}")


@app.command("check")
def check_templates(
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="[PATH]", help="A template's name or folder; else all that came along.", show_default=False
        ),
    ] = None,
    cover: o.Cover = None,
    safe_for: o.SafeFor = None,
    as_json: o.Json = False,
) -> None:
    """Check a template: its keys and files, ink against every app's buttons, contrast on the pixels under it."""
    from clipper.cli.answer import print_json
    from clipper.errors import FellShortError
    from clipper.picture.cover import open_cover
    from clipper.picture.survey import survey
    from clipper.picture.template import load, names

    covers, platforms = [open_cover(cover)] if cover else [], o.platforms_of(safe_for)
    found: dict[str, list[str]] = {}
    for name in [path] if path is not None else names():
        template = load(name)
        found[template.name] = [str(fault) for fault in survey(template, covers, platforms)]
        if not as_json:
            typer.echo(f"{'ok   ' if not found[template.name] else 'WRONG'} {template.name}")
            for line in found[template.name]:
                typer.echo(f"      {line}")
    if as_json:
        print_json({"templates": found})
    count = sum(map(len, found.values()))
    if count:
        raise FellShortError(f"{count} things are wrong with {'it' if path else 'them'}", "see the lines above")


@app.command("preview")
def preview_template(
    name: NameArgument,
    cover: o.Cover = None,
    folder: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Where the pictures go.")] = Path(),
    text: Annotated[
        str,
        typer.Option(
            "--text",
            metavar="KIND",
            help="plain, short, long, accents, arabic-short, japanese-long, emoji, ...",
        ),
    ] = "plain",
    show_safe: Annotated[bool, typer.Option("--show-safe", help="Veil what apps cover with their buttons.")] = False,
    safe_for: o.SafeFor = None,
) -> None:
    """Draw a template in its three shapes, with a sentence of ours: NAME-vertical.png and so on, NAME.png with all."""
    from clipper.errors import UsageError
    from clipper.picture.cover import open_cover
    from clipper.picture.preview_sheet import write_previews
    from clipper.picture.template import load

    if safe_for is not None and not show_safe:
        raise UsageError("--for says whose buttons --show-safe veils", "add --show-safe")
    safe = o.platforms_of(safe_for) if show_safe else None
    template = load(name)
    picture = open_cover(cover) if cover else None
    paths, notes = write_previews(template, picture, folder, text, safe=safe)
    for path in paths:
        typer.echo(f"wrote {path}")
    for note in notes:
        typer.echo(f"note: {note}", err=True)
