"""`clipper transcribe AUDIO -o OUT`: the words of an episode and when they were said, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipper.cli import options as o
from clipper.progress import Progress, silent


def transcribe(
    audio: Annotated[
        Path, typer.Argument(metavar="AUDIO", help="Sound, or a video whose sound is used.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="OUT", help="The folder to write to.", show_default=False)
    ],
    language: o.Language = None,
    engine: o.Engine = None,
    model: o.Model = None,
    offline: o.Offline = False,
) -> None:
    """Write down what is said, word by word, as transcript.json and transcript.vtt."""
    from clipper.batch.wishes import wished
    from clipper.cli.console import Bars, say

    wishes = wished(str(audio), to_make=False, engine=engine, model=model, language=language)
    with Bars() as bars:
        files = run(
            audio, out, language=wishes.language, engine=wishes.engine, model=wishes.model, offline=offline,
            progress=bars,
        )  # fmt: skip
    say("wrote " + " and ".join(str(file) for file in files))


def run(
    audio: Path,
    out: Path,
    *,
    language: str | None = None,
    engine: str = "faster-whisper",
    model: str = "base",
    offline: bool = False,
    progress: Progress = silent,
) -> list[Path]:
    """The command without its options' dress; gives the files that it wrote.

    Raises:
        InputError, MissingError, UsageError: as `clipper.speech.transcribe.transcribe`, or OUT cannot be written.
    """
    from clipper import cache
    from clipper.batch.lock import holding
    from clipper.batch.people import called, with_speakers
    from clipper.episode.model import Episode
    from clipper.plan.spelling import Names
    from clipper.show import find_show
    from clipper.speech.formats import write_json, write_vtt
    from clipper.speech.transcribe import transcribe as hear

    # Before the work of minutes, not after it.
    try:
        out.mkdir(parents=True, exist_ok=True)
        with cache.appearing(out / ".clipper-can-write") as probe:
            probe.touch()
        (out / ".clipper-can-write").unlink()
    except OSError as error:
        raise cache.cannot_write(out, error) from error
    files = [out / "transcript.json", out / "transcript.vtt"]
    with holding(out):
        words = hear(audio, engine=engine, model=model, language=language, offline=offline, progress=progress)
        words, voices = with_speakers(words, audio, Episode(), progress)
        words = Names(speakers=called(words, Episode(), find_show(audio), voices)).written(words)
        write_json(words, files[0])
        write_vtt(words, files[1])
    return files
