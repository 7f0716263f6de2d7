"""Options that several commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EpisodeArgument = Annotated[
    str,
    typer.Argument(
        metavar="EPISODE",
        help="A page (.md, .html), an audio file, an episode's folder, or a feed.",
        show_default=False,
    ),
]
OutArgument = Annotated[
    Path, typer.Argument(metavar="OUT", help="The folder that make or find wrote.", show_default=False)
]
Out = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Where everything goes.")]
Audio = Annotated[Path | None, typer.Option("--audio", metavar="FILE", help="The episode's sound.", show_default=False)]
Cover = Annotated[Path | None, typer.Option("--cover", metavar="FILE", help="The cover art.", show_default=False)]
TranscriptFile = Annotated[
    Path | None,
    typer.Option(
        "--transcript",
        metavar="FILE",
        help="Words you have: Whisper or podcast JSON, SRT, VTT, text.",
        show_default=False,
    ),
]
Feed = Annotated[
    str | None,
    typer.Option(
        "--feed", metavar="SOURCE", help="Take the episode from this feed, an address or a file.", show_default=False
    ),
]
FeedEpisode = Annotated[
    str | None,
    typer.Option("--episode", metavar="N", help="With a feed: the episode's number or title.", show_default=False),
]
Shortest = Annotated[float, typer.Option("--min", metavar="S", help="Shortest clip, in seconds.")]
Longest = Annotated[float, typer.Option("--max", metavar="S", help="Longest clip, in seconds.")]
Formats = Annotated[str, typer.Option("--formats", metavar="LIST", help="Of vertical, square and wide, with commas.")]
TemplateName = Annotated[
    str | None, typer.Option("--template", metavar="T", help="The look: a name or a folder.", show_default="spotlight")
]
Engine = Annotated[str, typer.Option("--engine", metavar="E", help="faster-whisper or openai-whisper.")]
Model = Annotated[
    str, typer.Option("--model", metavar="M", help="tiny, base, small, medium, large-v3-turbo, or a folder.")
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="L", help="Spoken language (en, de, ...).", show_default="as heard")
]
AsHeard = Annotated[
    bool, typer.Option("--as-heard", help="Leave names as the recogniser wrote them, not as on the page.")
]
Offline = Annotated[bool, typer.Option("--offline", help="Never use the network.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
QualityName = Annotated[str, typer.Option("--quality", metavar="Q", help="draft, good or best.")]
Encoder = Annotated[
    str, typer.Option("--encoder", metavar="E", help="libx264, auto (the graphics card's if it works), or one by name.")
]
