"""Hearing a stretch of the episode: a span in, sound out, through a player that is on this machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from clipper import leftovers
from clipper.media import on_leash
from clipper.span import Span

# Programs in order of preference with the options that keep them quiet and windowless.
PROGRAMS: tuple[tuple[str, ...], ...] = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("mpv", "--no-video", "--really-quiet"),
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
)


class Player(Protocol):
    """Plays in the background."""

    def play(self, span: Span) -> None:
        """Starts playing `span`; what plays already stops."""

    def stop(self) -> None:
        """Silence."""


class ProgramPlayer:
    """Plays through one of PROGRAMS and a temporary WAV. Use as a context manager or call `stop` at the end."""

    def __init__(self, command: tuple[str, ...], audio: Path) -> None:
        self._command, self._audio = command, audio
        self._playing: subprocess.Popen[bytes] | None = None
        self._wav: Path | None = None

    def play(self, span: Span) -> None:
        from clipper.sound.decode import decode_window
        from clipper.sound.wav import write_wav

        self.stop()
        samples = decode_window(self._audio, span)
        with tempfile.NamedTemporaryFile(prefix=leftovers.folder_prefix(), suffix=".wav", delete=False) as f:
            self._wav = Path(f.name)
        write_wav(self._wav, samples)
        # A session of its own: Ctrl-C is for clipper, which stops the player itself.
        self._playing = subprocess.Popen(
            on_leash([*self._command, str(self._wav)]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        if self._playing is not None:
            with suppress(OSError):
                self._playing.terminate()
            try:
                self._playing.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._playing.kill()
                self._playing.wait()
            self._playing = None
        if self._wav is not None:
            self._wav.unlink(missing_ok=True)
            self._wav = None


def find_player(audio: Path | None) -> ProgramPlayer | None:
    """A player for this file; None where there is no file or no program."""
    if audio is None or not audio.is_file():
        return None
    for name, *options in PROGRAMS:
        program = shutil.which(name)
        if program:
            return ProgramPlayer((program, *options), audio)
    return None
