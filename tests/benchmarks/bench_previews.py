"""What a look before rendering costs: one frame as PNG, a contact sheet, a half-size draft; medians.

make bench BENCH_ARGS=previews
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from clipper.export.preview import DRAFT_SCALE, contact_sheet, draft, frame_png
from clipper.sound.cut import cut
from clipper.span import Span
from tests.benchmarks.bench_render import SAMPLE, START, scene_of
from tests.benchmarks.figures import Figure

SECONDS = 40.0
ROUNDS = 3


def main() -> list[Figure]:
    samples = cut(next(SAMPLE.glob("*.mp3")), Span(start=START, end=START + SECONDS))
    scene = scene_of(samples, SECONDS)
    frame_png(scene, 0)
    frames = [_took(lambda n=n: frame_png(scene, n)) for n in range(7, scene.frames, scene.frames // 12)]
    print(f"{'one frame as PNG, warm':<40}{statistics.median(frames):>8.0f} ms   aim: under 150")
    sheets = [_took(lambda: contact_sheet(scene, 12)) for _ in range(ROUNDS)]
    print(f"{'contact sheet of 12':<40}{statistics.median(sheets):>8.0f} ms")
    with tempfile.TemporaryDirectory() as name:

        def one_draft() -> None:
            draft(scene_of(samples, SECONDS, DRAFT_SCALE), samples, Path(name, "draft.mp4"))

        took = statistics.median(_took(one_draft) for _ in range(ROUNDS))
    rate = scene.frames / took * 1000
    print(f"{'half-size draft, layout included':<40}{rate:>8.0f} f/s  aim: 400")
    return [
        Figure("one frame as PNG, warm", f"{statistics.median(frames):.0f} ms", "under 150 ms"),
        Figure("a contact sheet of 12", f"{statistics.median(sheets):.0f} ms"),
        Figure("half-size draft, layout included", f"{rate:.0f} frames/s", "400"),
    ]


def _took(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
