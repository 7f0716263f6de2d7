"""Writes the README's pictures from what `make demo` left in out/: `make pictures`. Look at them before you commit."""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from clipper.media import run_ffmpeg
from clipper.plan import store

ROOT = Path(__file__).parents[2]
# name of the picture, which clip (in order of rank), shape, second, width in pixels
WANTED = [
    ("vertical", 0, "vertical", 4.2, 405),
    ("vertical-2", 1, "vertical", 6.3, 405),
    ("square", 2, "square", 11.6, 720),
    ("wide", 0, "wide", 9.0, 1280),
]


def main() -> None:
    clips = [c for c in store.load(ROOT / "out").clips if c.picked]
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        frame = Path(name, "frame.png")
        for title, place, shape, second, width in WANTED:
            clip = clips[min(place, len(clips) - 1)]
            source = next((ROOT / "out" / "clips").glob(f"{int(clip.id[1:]):02d}-*")) / f"{shape}.mp4"
            done = run_ffmpeg(["-v", "error", "-y", "-ss", str(second), "-i", source, "-frames:v", "1", frame])
            if done.returncode:
                sys.exit(done.stderr.decode())
            picture = Image.open(frame).convert("RGB")
            height = round(picture.height * width / picture.width)
            picture.resize((width, height), Image.Resampling.LANCZOS).save(folder / f"{title}.jpg", quality=88)


if __name__ == "__main__":
    main()
