"""`clipper doctor`: what this machine has of what clipper needs."""

from __future__ import annotations

from collections.abc import Callable

import typer

from clipper.cli import options as o


def doctor(as_json: o.Json = False) -> None:
    """Check what clipper needs on this machine: ffmpeg, shaping of text, fonts, recogniser, cache."""
    from clipper.cli.answer import print_json
    from clipper.errors import Exit

    rows = [_row(name, check) for name, check in CHECKS.items()]
    if as_json:
        print_json(
            {"checks": [{"name": n, "good": good, "found": found, "mend": mend} for n, good, found, mend in rows]}
        )
    else:
        for name, good, found, mend in rows:
            there = "-   " if found.startswith("not installed") else "ok  "
            typer.echo(f"{there if good else 'MISSING'} {name}: {found}")
            if mend:
                typer.echo(f"     try: {mend}")
    if not all(good for _, good, _, _ in rows):
        raise typer.Exit(int(Exit.MISSING))


def _row(name: str, check: Callable[[], str]) -> tuple[str, bool, str, str]:
    from clipper.errors import ClipperError, one_line

    try:
        return name, True, check(), ""
    except ClipperError as error:
        return name, False, error.message, error.mend
    except Exception as error:  # a broken installation can raise anything
        return name, False, one_line(f"{type(error).__name__}: {error}"), "reinstall clipper in a fresh environment"


def _ffmpeg() -> str:
    from clipper.errors import MissingError
    from clipper.media import ffmpeg, run_ffmpeg

    version = run_ffmpeg(["-version"]).stdout.decode("utf-8", "replace").split(" Copyright")[0]
    listed = run_ffmpeg(["-encoders"]).stdout + run_ffmpeg(["-filters"]).stdout
    lacking = [n for n in ("libx264", "aac", "ebur128", "alimiter") if f" {n} ".encode() not in listed]
    if lacking:
        raise MissingError(
            f"{ffmpeg()} lacks {', '.join(lacking)}", "unset CLIPPER_FFMPEG to use the build that came along"
        )
    return f"{version} at {ffmpeg()}"


def _shaping() -> str:
    from PIL import features

    from clipper.errors import MissingError
    from clipper.picture.fonts import RAQM_MEND

    if not features.check("raqm"):
        raise MissingError("text cannot be shaped: Pillow's raqm is not at work", RAQM_MEND)
    return f"raqm {features.version('raqm')}"


def _scripts() -> str:
    from clipper.picture.fonts import coverage

    rows = coverage()
    without = [name for name, font, _ in rows if not font]
    with_font = ", ".join(name for name, font, _ in rows if font)
    return with_font + (f" (no font for {', '.join(without)}; see docs/scripts-and-fonts.md)" if without else "")


def _templates() -> str:
    from clipper.errors import MissingError
    from clipper.picture.template import load, names

    if not names():
        raise MissingError("no templates are installed", "reinstall clipper")
    for name in names():
        load(name)  # opens every font and picture that it names
    return ", ".join(names())


def _decoder() -> str:
    import av

    return f"PyAV {av.__version__}"


def _recogniser() -> str:
    from importlib.metadata import version

    from clipper.speech.weights import find_weights

    weights = find_weights("base", offline=True)
    return f"faster-whisper {version('faster-whisper')}, Whisper base ({weights.digest[:12]})"


def _voices() -> str:
    from clipper.speech import voiceprint

    if not voiceprint.available():
        return "not installed: captions do not say who speaks (pip install --no-deps Resemblyzer==0.1.4)"
    return f"who speaks: Resemblyzer ({voiceprint.digest()[:12]})"


def _cache() -> str:
    from clipper.cache import cache_dir, entry

    probe = entry("doctor", "probe")
    probe.write_bytes(b"ok")
    probe.unlink()
    used = sum(f.stat().st_size for f in cache_dir().rglob("*") if f.is_file())
    return f"{cache_dir()} ({used / 1e6:.0f} MB)"


CHECKS: dict[str, Callable[[], str]] = {
    "ffmpeg": _ffmpeg,
    "decoder": _decoder,
    "text shaping": _shaping,
    "scripts": _scripts,
    "templates": _templates,
    "recogniser": _recogniser,
    "voices": _voices,
    "cache": _cache,
}
