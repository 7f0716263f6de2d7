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
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="ID", help="This clip, picked or not; may be repeated.")
]
Out = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Where everything goes.")]
Audio = Annotated[Path | None, typer.Option("--audio", metavar="FILE", help="The episode's sound.", show_default=False)]
Cover = Annotated[Path | None, typer.Option("--cover", metavar="FILE", help="The cover art.", show_default=False)]
TranscriptFile = Annotated[
    Path | None,
    typer.Option(
        "--transcript",
        metavar="FILE",
        help="Words you have: Whisper or podcast JSON, SRT, VTT, text; or the word page, for the page's own.",
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
# None means: not given, so the show's clipper.toml may say it; `show_default` is what holds without one.
Shortest = Annotated[
    float | None, typer.Option("--min", metavar="S", help="Shortest clip, in seconds.", show_default="20")
]
Longest = Annotated[
    float | None, typer.Option("--max", metavar="S", help="Longest clip, in seconds.", show_default="60")
]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="LIST",
        help="Lengths that suit these platforms: shorts, tiktok, reels, x, ..., with commas.",
        show_default=False,
    ),
]
SafeFor = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="LIST",
        help="What only these platforms cover: tiktok, shorts, reels, ..., with commas.",
        show_default="all",
    ),
]
Known = Annotated[
    list[Path] | None,
    typer.Option(
        "--known",
        metavar="PATH",
        help="Clips made or refused before are not offered again: a folder of plans, a clips.yaml, a file of words.",
        show_default=False,
    ),
]
Rerank = Annotated[
    str | None,
    typer.Option(
        "--rerank",
        metavar="URL",
        help="Ask the language model there (OpenAI chat form) for the order; key in CLIPPER_RERANK_KEY.",
        show_default=False,
    ),
]
RerankModel = Annotated[
    str | None, typer.Option("--rerank-model", metavar="NAME", help="The model's name there.", show_default=False)
]
Tighten = Annotated[
    bool | None,
    typer.Option(
        "--tighten/--no-tighten",
        help="Shorten long pauses and take out “uh” and its like; the plan keeps it.",
        show_default=False,
    ),
]
Formats = Annotated[
    str | None,
    typer.Option(
        "--formats",
        metavar="LIST",
        help="Of vertical, square and wide, with commas.",
        show_default="vertical,square,wide",
    ),
]
TemplateName = Annotated[
    str | None, typer.Option("--template", metavar="T", help="The look: a name or a folder.", show_default="spotlight")
]
Engine = Annotated[
    str | None,
    typer.Option("--engine", metavar="E", help="faster-whisper or openai-whisper.", show_default="faster-whisper"),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="M",
        help="tiny, base, small, medium, large-v3-turbo, or a folder.",
        show_default="base",
    ),
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="L", help="Spoken language (en, de, ...).", show_default="as heard")
]
AsHeard = Annotated[
    bool, typer.Option("--as-heard", help="Leave names as the recogniser wrote them, not as on the page.")
]
Align = Annotated[
    bool, typer.Option("--align", help="Hear the audio, and put each word of your transcript at the time it is said.")
]
CaptionsFrom = Annotated[
    Path | None,
    typer.Option(
        "--captions-from",
        metavar="FILE",
        help="Captions from this transcript, for example in another language (SRT, VTT, JSON).",
        show_default=False,
    ),
]
Offline = Annotated[bool, typer.Option("--offline", envvar="CLIPPER_OFFLINE", help="Never use the network.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
QualityName = Annotated[
    str | None, typer.Option("--quality", metavar="Q", help="draft, good or best.", show_default="good")
]
Encoder = Annotated[
    str, typer.Option("--encoder", metavar="E", help="libx264, auto (the graphics card's if it works), or one by name.")
]
FramesASecond = Annotated[
    float | None,
    typer.Option("--fps", metavar="N", help="Frames a second; 23.976 and 29.97 are exact.", show_default="30"),
]
ReducedMotion = Annotated[bool, typer.Option("--reduced-motion", help="Nothing slides or bounces, no word lights up.")]
Size = Annotated[
    str | None,
    typer.Option("--size", metavar="WxH", help="Pixels, for example 2160x3840.", show_default="the template's"),
]


def platforms_of(wanted: str | None) -> tuple[str, ...]:
    """The platforms that `--for` names, by their own names; () where it is not given.

    Raises:
        UsageError: there is no such platform.
    """
    from clipper.platforms import platform

    return tuple(platform(name).name for name in (wanted or "").split(",") if name.strip())
