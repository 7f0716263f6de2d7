"""What a check of a finished 60-second clip costs, by shape: `make bench BENCH_ARGS="check"`."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from clipper.batch import videos
from clipper.batch.finished import finished
from clipper.batch.folder import Folder
from clipper.batch.planned import said_in
from clipper.episode.load import load_episode
from clipper.export.checks import verdicts
from clipper.export.checks.whole import facts_of
from clipper.plan import store
from clipper.plan.model import Clip
from clipper.span import Span
from clipper.speech.formats import write_json
from tests.benchmarks.figures import Figure
from tests.conftest import SAMPLE
from tests.export.small_out import plan, plan_of, words


def main() -> list[Figure]:
    """Renders a minute of the sample in three shapes, then checks each: seconds of the clock and of the processor."""
    figures: list[Figure] = []
    minute = Span(start=116.3, end=176.3)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        Folder(out).save_episode(load_episode(str(SAMPLE), offline=True))
        write_json(words(), out / "transcript.json")
        clip = Clip(id="c1", title="A minute", span=minute, proposed=minute, picked=True)
        store.save(plan().model_copy(update={"clips": (clip,), "formats": ("vertical", "square", "wide")}), out)
        videos.render(out, *plan_of(out))
        job = finished(out, *plan_of(out))[0]
        said = said_in(Folder(out))
        assert said is not None
        print(f"{'shape':<10}{'clock s':>9}{'processor s':>13}{'checks':>8}")
        for name in job.formats:
            clock, used = time.perf_counter(), time.process_time()
            rows = verdicts(facts_of(job, name, job.files[name], said))
            clock, used = time.perf_counter() - clock, time.process_time() - used
            print(f"{name:<10}{clock:>9.1f}{used:>13.1f}{len(rows):>8}")
            figures.append(
                Figure(f"a minute, {name}, {len(rows)} checks", f"{clock:.1f} s, {used:.1f} of the processor")
            )
    return figures


if __name__ == "__main__":
    main()
