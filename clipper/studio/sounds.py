"""What clips sound like: finished as in the export, kept in the cache by what they are made of.

In: a clip's job; out: a WAV file for the page to play, the levels of its waveform, peaks for a picture of the sound.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.span import Span

if TYPE_CHECKING:
    from clipper.export.aside import Levels
    from clipper.export.job import Job
    from clipper.sound.decode import Samples

ROOM = "studio-sound"
OLD = 14 * 86_400.0  # seconds after which a kept sound that nobody listened to goes
MOST_POINTS = 4000


@dataclass(frozen=True, slots=True)
class Told:
    """Loudness in LUFS (-inf where silent) and true peak in dBTP, the loudness that is wanted, what fell short."""

    integrated: float
    true_peak: float
    note: str
    wanted: float


class Sounds:
    """The sound of one episode's clips."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._levels: dict[str, Levels] = {}

    def levels(self, job: Job) -> Levels:
        """Of the waveform, as the export has them."""
        import numpy as np

        key = _key(job)
        with self._lock:
            if key not in self._levels:
                path = cache.entry(ROOM, f"{key}.npy")
                if not path.is_file():
                    self._made(job, key)
                if len(self._levels) > 64:
                    self._levels.clear()
                self._levels[key] = np.load(path, allow_pickle=False)
            return self._levels[key]

    def wav(self, job: Job, *, finished: bool = True) -> Path:
        """The clip's sound as it is posted, or only cut out, for comparing."""
        key = _key(job)
        with self._lock:
            path = cache.entry(ROOM, f"{key}-{'finished' if finished else 'cut'}.wav")
            if not path.is_file():
                if finished:
                    from clipper.sound.loudness import finish

                    done = finish(self._made(job, key), job.recipe.loudness)
                    samples = done.samples
                    told = {"integrated": done.after.integrated, "true_peak": done.after.true_peak, "note": done.note}
                    cache.write_text(cache.entry(ROOM, f"{key}.json"), json.dumps(told))
                else:
                    from clipper.sound.cut import cut

                    samples = cut(job.source.audio, job.clip.span)
                _write(path, samples)
            path.touch()
            return path

    def loudness(self, job: Job) -> Told:
        """How loud the finished sound is, measured, and what it is to be."""
        from clipper.sound.loudness import targets

        path = cache.entry(ROOM, f"{_key(job)}.json")
        with self._lock:
            if not path.is_file():
                self.wav(job).unlink()  # its measure went before it (see `tidy`)
                self.wav(job)
            wanted = targets().integrated if job.recipe.loudness is None else job.recipe.loudness
            return Told(**json.loads(path.read_text(encoding="utf-8")), wanted=wanted)

    def _made(self, job: Job, key: str) -> Samples:
        import numpy as np

        from clipper.picture.compose import MOST_BANDS
        from clipper.sound.envelope import levels
        from clipper.sound.make import make

        samples = make(job.recipe)
        path = cache.entry(ROOM, f"{key}.npy")
        if not path.is_file():
            with cache.appearing(path) as temporary:
                np.save(temporary, levels(samples, job.output.fps, job.frames, MOST_BANDS))
        return samples


def peaks(audio: Path, span: Span, points: int) -> list[int]:
    """The loudest sample in each of `points` equal parts of `span`, 0 to 100."""
    import numpy as np

    from clipper.sound.decode import decode_window

    points = max(1, min(points, MOST_POINTS))
    mono = np.abs(decode_window(audio, span)).max(axis=1)
    edges = np.linspace(0, len(mono), points + 1).astype(int)[:-1]
    tops = np.maximum.reduceat(mono, np.minimum(edges, max(0, len(mono) - 1))) if len(mono) else np.zeros(points)
    return [int(v) for v in np.clip(np.rint(np.sqrt(tops) * 100), 0, 100)]


def tidy() -> None:
    """Lets go of kept sounds that nobody listened to for two weeks."""
    folder, now = cache.cache_dir() / ROOM, time.time()
    for path in folder.glob("*.*") if folder.is_dir() else ():
        try:
            if now - path.stat().st_mtime > OLD:
                path.unlink(missing_ok=True)
        except OSError:
            continue


def _key(job: Job) -> str:
    return cache.key(
        ROOM, 2, audio=job.source.audio_digest, sound=job.recipe.facts(), span=job.clip.span.model_dump(),
        fps=job.output.fps, frames=job.frames,
    )  # fmt: skip


def _write(path: Path, samples: Samples) -> None:
    """16 bits, which every browser plays."""
    import wave

    import numpy as np

    from clipper.sound.decode import CHANNELS, RATE

    whole = np.clip(np.rint(samples * 32767), -32768, 32767).astype("<i2")
    with cache.appearing(path) as temporary, wave.open(str(temporary), "wb") as out:
        out.setnchannels(CHANNELS)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(whole.tobytes())
