"""The sound of any media file as the recogniser wants it: 16 kHz mono, block by block, whatever its length.

In: a path; out: int16 blocks. What can be decoded of a damaged file is given, the rest is logged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.errors import InputError
from clipper.media import Mix, opening, probe_sound
from clipper.speech.engines.base import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Block = NDArray[np.int16]

log = logging.getLogger(__name__)

_NOT_ALL = 0.98  # share of the header's length; the rest of a whole file is padding


def blocks(path: Path) -> Iterator[Block]:
    """The first sound stream of `path` from its first sample to its last that can be decoded.

    Times elsewhere in this room are these samples' numbers over 16,000: seconds of sound since the first sample.

    Yields:
        int16, shape (n,), n at least 1 and seldom over 100,000; memory does not grow with the file.

    Raises:
        InputError: no such file, empty, no media, no sound in it, or nothing of it can be decoded.
    """
    import av

    facts = probe_sound(path)
    samples, faults = 0, 0
    fault = ""
    try:
        with av.open(str(path), metadata_errors="ignore", options=opening(path)) as container:
            stream = container.streams.audio[0]
            stream.codec_context.thread_type = "AUTO"
            mix = Mix("s16", "mono", RATE)
            packets = container.demux(stream)
            while True:
                try:
                    packet = next(packets)
                    frames = packet.decode()
                except StopIteration:
                    break
                except (av.FFmpegError, ValueError, OSError) as error:
                    # One bad packet; a broken container ends the loop, as its generator is then exhausted.
                    faults, fault = faults + 1, str(error)
                    continue
                for frame in frames:
                    for block in mix(frame):
                        samples += len(block)
                        yield block.reshape(-1)
            for block in mix(None):
                samples += len(block)
                yield block.reshape(-1)
    except (av.FFmpegError, ValueError, OSError) as error:
        faults, fault = faults + 1, str(error)
    if samples == 0:
        raise InputError(
            f"no sound in {path.name} can be decoded" + (f" ({fault})" if fault else ""),
            "export or download the audio again",
        )
    if faults:
        log.warning("%s is damaged in %d places (%s); what can be decoded is used", path.name, faults, fault)
    if facts.seconds and samples / RATE < facts.seconds * _NOT_ALL - 1:
        log.warning("%s says that it lasts %.0f s, but only %.0f s are there", path.name, facts.seconds, samples / RATE)
