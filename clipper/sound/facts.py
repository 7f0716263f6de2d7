"""What can be heard of an episode besides its words. In: the audio; out: `SoundFacts`, kept by the file's content.

The sound is decoded once, piece by piece; what is kept of three hours is 12 MB.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clipper import cache
from clipper.highlights.talk import SoundFacts
from clipper.progress import Progress, silent
from clipper.sound import jumps, laughter, music, pitch, spectrum
from clipper.sound.stream import FRAMES, HOP, PIECE, Floats, Fourth, Windows, pieces
from clipper.speech.engines.base import RATE

VERSION = 1  # raised when the same sound gives other facts
_ROWS = ("energy", "pitch", "laughter", "music", "jumps")


def listen(path: Path, progress: Progress = silent) -> SoundFacts:
    """The facts of an episode's sound, 50 frames a second from the first decoded sample on.

    Args:
        path: any media file with sound.
        progress: told in seconds of sound, stage "listen".

    Raises:
        InputError: the file cannot be opened, has no sound, or nothing of it can be decoded.
        MissingError: the cache cannot be written.
    """
    from clipper.media import probe_sound

    seconds = probe_sound(path).seconds or 0.0
    progress("listen", 0.0, seconds)
    place = cache.entry("sound", cache.key("facts", VERSION, audio=cache.file_digest(path)) + ".npz")
    facts = _kept(place)
    if facts is None:
        facts = measure(path, seconds, progress)
        _keep(place, facts)
    progress("listen", max(seconds, len(facts.energy) / FRAMES), max(seconds, len(facts.energy) / FRAMES))
    return facts


def measure(path: Path, seconds: float = 0.0, progress: Progress = silent) -> SoundFacts:
    """As `listen`, without looking into the cache.

    Args:
        seconds: how long the sound is as far as known, for the progress.
    """
    fine, voices, chords = (
        Windows(spectrum.WINDOW, HOP), Windows(pitch.WINDOW, HOP // 4), Windows(music.WINDOW, music.HOP),
    )  # fmt: skip
    fourth, notes = Fourth(), music.Notes()
    energy, bands, hertz, periodic = [], [], [], []
    samples = 0

    def look(spectra: Floats, periods: Floats, long: Floats) -> None:
        e, b = spectrum.levels(spectra)
        h, p = pitch.periods(periods)
        notes.add(long)
        energy.append(e)
        bands.append(b)
        hertz.append(h)
        periodic.append(p)

    for piece in pieces(path):
        samples += len(piece)
        low = fourth(piece)
        look(fine(piece), voices(low), chords(low))
        if len(piece) == PIECE:
            progress("listen", min(samples / RATE, seconds or samples / RATE), seconds or samples / RATE)
    look(fine.last(), voices.last(), chords.last())
    n = max(1, -(-samples // HOP))
    level, parts = _long(np.concatenate(energy), n), _long(np.concatenate(bands), n)
    voice = pitch.voice(_long(np.concatenate(hertz), n), _long(np.concatenate(periodic), n), level)
    return SoundFacts(
        rate=float(FRAMES),
        energy=level,
        pitch=voice,
        laughter=laughter.likelihood(level, parts, voice),
        music=notes.likelihood(FRAMES, n),
        jumps=jumps.steps(level),
        bands=parts,
    )


def _long(rows: NDArray[Any], n: int) -> NDArray[Any]:
    """The first n rows; the last one again where a window's worth is missing."""
    return rows[:n] if len(rows) >= n else np.pad(rows, ((0, n - len(rows)), *[(0, 0)] * (rows.ndim - 1)), mode="edge")


def _keep(place: Path, facts: SoundFacts) -> None:
    rows = {name: getattr(facts, name).astype(np.float16) for name in _ROWS}
    with cache.appearing(place) as temporary, temporary.open("wb") as file:
        np.savez(file, bands=np.asarray(facts.bands), **rows)


def _kept(place: Path) -> SoundFacts | None:
    """What was kept, or None; a damaged file is measured anew."""
    try:
        with np.load(place, allow_pickle=False) as data:
            rows = {name: np.asarray(data[name], dtype=np.float32) for name in _ROWS}
            bands = np.asarray(data["bands"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    whole = bands.ndim == 2 and bands.dtype == np.int8 and {len(r) for r in rows.values()} == {len(bands)}
    return SoundFacts(rate=float(FRAMES), bands=bands, **rows) if whole else None
