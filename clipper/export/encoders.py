"""Which encoder makes the picture: libx264 always, a graphics card's where it is wanted and really works.

In: a name and the quality; out: an `Encoder`, that is, arguments for ffmpeg. Whether a card works is tried with a
second of video and kept in the cache by ffmpeg and machine; a failure is tried again after a day.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from clipper import cache, leftovers
from clipper.errors import UsageError
from clipper.export.quality import Quality
from clipper.media import ffmpeg, on_leash, run_ffmpeg

VERSION = 1  # raised when the arguments of a trial change
AGAIN = 86_400.0  # seconds after which a trial that failed is made again
PATIENCE = 20.0  # seconds that a trial may take
X264 = "libx264"
CARDS = ("h264_videotoolbox", "h264_nvenc", "h264_qsv", "h264_vaapi")  # in the order in which `auto` takes them
NAMES = ("auto", X264, *CARDS)


@dataclass(frozen=True, slots=True)
class Encoder:
    """One of NAMES but "auto"."""

    name: str

    @property
    def is_card(self) -> bool:
        return self.name != X264

    def before_input(self) -> list[str]:
        """ffmpeg's arguments that stand before every input."""
        return ["-vaapi_device", "/dev/dri/renderD128"] if self.name == "h264_vaapi" else []

    def arguments(self, settings: Quality, gop: int, *, bounded: bool = False) -> list[str]:
        """ffmpeg's arguments for the picture: High profile, no B-frames, closed groups of `gop` frames.

        Args:
            bounded: libx264 by rate factor and `maxrate` even where the quality names a quantiser.
        """
        common = ["-c:v", self.name, "-profile:v", "high", "-bf", "0", "-g", str(gop), "-flags:v", "+cgop+bitexact"]
        if self.is_card:
            return [*common, *_card_rate(self.name, settings)]
        rate = [part for name, value in _x264_rate(settings, bounded).items() for part in (f"-{name}", value)]
        return [
            *(*common, "-preset", settings.preset, *rate, "-sc_threshold", "0"),
            *("-threads:v", str(threads())),
            *("-x264-params", _x264_params(settings), "-pix_fmt", "yuv420p"),
        ]

    def options(self, settings: Quality, gop: int, *, bounded: bool = False) -> dict[str, str]:
        """The same for libx264 as PyAV takes it."""
        return {
            **{"profile": "high", "bf": "0", "g": str(gop), "flags": "+cgop+bitexact", "preset": settings.preset},
            **{**_x264_rate(settings, bounded), "sc_threshold": "0", "x264-params": _x264_params(settings)},
        }


def _x264_rate(settings: Quality, bounded: bool) -> dict[str, str]:
    if settings.qp is not None and not bounded:
        return {"qp": str(settings.qp)}
    return {"crf": f"{settings.crf:g}", "maxrate": settings.maxrate, "bufsize": settings.bufsize}


def _x264_params(settings: Quality) -> str:
    colours = "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off"
    return ":".join(filter(None, [settings.params, colours]))


def threads() -> int:
    """x264's threads: half as many again as there are cores, so that none waits while a frame is drawn.

    Their number is fixed for a machine, since what they make may depend on it; more than eight gain nothing.
    """
    return min(8, ((os.cpu_count() or 2) * 3 + 1) // 2)


def _card_rate(name: str, settings: Quality) -> list[str]:
    """Each card has options of its own; the aim is x264's rate factor and half of `maxrate` on the mean."""
    aim = [
        "-b:v",
        f"{settings.most_bits / 2:.0f}",
        "-maxrate",
        settings.maxrate,
        "-bufsize",
        settings.bufsize,
    ]
    level = f"{settings.crf:g}"
    return {
        "h264_nvenc": ["-pix_fmt", "yuv420p", "-preset", "p4", "-rc", "vbr", "-cq", level, "-no-scenecut", "1", *aim],
        "h264_videotoolbox": ["-pix_fmt", "yuv420p", "-allow_sw", "0", *aim],
        "h264_qsv": ["-pix_fmt", "nv12", "-preset", "medium", *aim],
        "h264_vaapi": ["-vf", "format=nv12,hwupload", *aim],
    }[name]


def choose(name: str, settings: Quality) -> Encoder:
    """The encoder for `name`, one of NAMES; `auto` never takes a card for "best".

    Raises:
        UsageError: no such name, or a card that was named does not work here.
    """
    if name not in NAMES:
        raise UsageError(f"there is no encoder {name}", f"choose one of: {', '.join(NAMES)}")
    if name == X264 or (name == "auto" and settings.name == "best"):
        return Encoder(X264)
    if name != "auto":
        if not works(name, settings):
            raise UsageError(f"{name} does not work on this machine", "leave --encoder out, or name libx264")
        return Encoder(name)
    return Encoder(next((card for card in CARDS if works(card, settings)), X264))


def works(name: str, settings: Quality) -> bool:
    """Whether a card's encoder is in this ffmpeg and makes a second of video; kept in the cache."""
    path = _kept(name)
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["works"] or 0 <= time.time() - row["time"] < AGAIN:
            return bool(row["works"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not tried yet
    good = name in _listed() and _trial(Encoder(name), settings)
    _keep(name, good)
    return good


def failed(name: str) -> None:
    """Remembers that a card's encoder failed in mid-run, so that `auto` leaves it alone for a day."""
    _keep(name, False)


def _keep(name: str, good: bool) -> None:
    cache.write_text(_kept(name), json.dumps({"works": good, "time": time.time()}))


def _kept(name: str) -> Path:
    binary = Path(ffmpeg())
    facts = [platform.node(), platform.machine(), platform.release()]
    stamp = binary.stat().st_mtime_ns if binary.is_file() else 0
    return cache.entry("encoders", cache.key(name, VERSION, ffmpeg=str(binary), stamp=stamp, machine=facts) + ".json")


def _listed() -> set[str]:
    lines = run_ffmpeg(["-v", "error", "-encoders"]).stdout.decode("utf-8", "replace").splitlines()
    return {parts[1] for line in lines if len(parts := line.split()) > 1}


def _trial(encoder: Encoder, settings: Quality) -> bool:
    with TemporaryDirectory(prefix=leftovers.folder_prefix()) as folder:
        path = Path(folder, "trial.mp4")
        source = ["-f", "lavfi", "-i", "testsrc2=size=1080x1920:rate=30:duration=1,format=yuv420p"]
        command = [ffmpeg(), "-v", "error", "-nostdin", "-y", *encoder.before_input(), *source]
        command += [*encoder.arguments(settings, 60), "-f", "mp4", str(path)]
        try:
            run = subprocess.run(on_leash(command), capture_output=True, check=False, timeout=PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return run.returncode == 0 and path.is_file() and path.stat().st_size > 1000
