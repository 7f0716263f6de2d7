"""`clipper cache`: what clipper keeps of its work, how large it is, and getting rid of it."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from clipper.cli import options as o

app = typer.Typer(no_args_is_help=True, help="What clipper keeps of its work: show it, check it, empty it.")


@app.command()
def show(as_json: o.Json = False) -> None:
    """Show where the cache is and what it holds, a line a stage.

    Results used longest ago go when it grows above its limit (CLIPPER_CACHE_LIMIT, 20GB unless set); weights stay.
    """
    from clipper import tidying
    from clipper.cache import cache_dir
    from clipper.cli.answer import print_json

    rows, most = tidying.stages(), tidying.limit()
    used = sum(row.size for row in rows)
    if as_json:
        stages = {row.name: {"results": row.count, "bytes": row.size} for row in rows}
        print_json({"folder": str(cache_dir()), "bytes": used, "limit": most, "stages": stages})
        return
    typer.echo(f"{cache_dir()}: {_size(used)} of at most {_size(most)}")
    for row in rows:
        days = max(0.0, time.time() - row.oldest) / 86_400
        typer.echo(f"  {row.name:<12} {row.count:>6} {_size(row.size):>10}   oldest used {days:.0f} days ago")


@app.command()
def clean(
    stages: Annotated[
        list[str] | None, typer.Argument(metavar="STAGE", help="Only these, as show names them.", show_default=False)
    ] = None,
    weights: Annotated[
        bool, typer.Option("--weights", help="The recogniser's weights as well; they may have to be fetched again.")
    ] = False,
) -> None:
    """Empty the cache; finished clips are not touched, and whatever is needed is made again."""
    from clipper import tidying

    freed = tidying.clean(tuple(stages or ()), weights=weights)
    typer.echo(f"{_size(freed)} are free again")


@app.command()
def verify(as_json: o.Json = False) -> None:
    """Take every result's digest anew; a damaged one is removed, so that the work is done again."""
    from clipper import tidying
    from clipper.cli.answer import print_json

    count, damaged = tidying.verify()
    if as_json:
        print_json({"results": count, "damaged": [str(path) for path in damaged]})
        return
    for path in damaged:
        typer.echo(f"damaged, removed: {path}")
    typer.echo(f"{count} results looked at, {len(damaged)} damaged")


def _size(count: int) -> str:
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count} B"
