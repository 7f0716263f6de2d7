"""The sound of a clip as AAC, so stamped that it starts with the picture and without an edit list.

In: finished samples; out: an AAC file, made once for all shapes of a clip.

The AAC encoder puts 1024 samples of silence in front. An edit list would skip them, but platforms ask for files without
one; then they are played, and everything would come 21 ms late. So the first 1024 samples of the clip are left out:
sample n of the clip is heard at n / 48000 exactly, and only its first 21 ms are silent.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from clipper import cache
from clipper.errors import MissingError
from clipper.export.quality import Quality
from clipper.media import last_line, plain_path, run_ffmpeg
from clipper.sound.decode import CHANNELS, RATE, Samples

PRIMING = 1024  # samples; source: ffmpeg's aac encoder, `initial_padding`
FADE = 384  # samples, 8 ms: what follows the silence does not start with a click


def write(samples: Samples, path: Path, settings: Quality) -> None:
    """Encodes a clip's sound once, as ADTS, for `encode` and `join`.

    Raises:
        MissingError: the disk is full, or ffmpeg failed.
    """
    with cache.appearing(path) as temporary:
        raw = temporary.with_suffix(".f32")
        try:
            source = _raw(samples, temporary.parent, raw.name)
            run = run_ffmpeg(["-v", "error", "-y", *source, *_aac(settings), "-f", "adts", temporary])
        finally:
            raw.unlink(missing_ok=True)
        if run.returncode:
            raise MissingError(f"the sound could not be encoded: {last_line(run.stderr)}", "run clipper doctor")


def _aac(settings: Quality) -> list[str]:
    return [
        *("-c:a", "aac", "-aac_coder", settings.audio_coder, "-b:a", settings.audio_bitrate),
        *("-ar", str(RATE), "-ac", str(CHANNELS), "-flags:a", "+bitexact"),
    ]


def _raw(samples: Samples, folder: Path, name: str = "sound.f32") -> list[str]:
    """Writes the samples for ffmpeg, without a copy in memory, and names them as its input."""
    path = folder / name
    with path.open("wb") as f:
        # a clip shorter than two packets keeps its few samples
        kept = samples[PRIMING:] if len(samples) > 2 * PRIMING else samples
        head = min(FADE, len(kept))
        ramp = (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, head, endpoint=False)))[:, None]
        f.write((kept[:head] * ramp).astype("<f4").tobytes())
        for first in range(head, len(kept), RATE):
            f.write(kept[first : first + RATE].astype("<f4", copy=False).tobytes())
    return ["-f", "f32le", "-ar", str(RATE), "-ch_layout", "stereo", "-i", plain_path(path)]
