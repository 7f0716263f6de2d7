"""Measures what the plan in planning.toml goes by, and writes it there: ten minutes of one core.

    python -m tests.benchmarks.stage_costs

Measured is time on a core, not time by the clock, so that what else the machine does counts little.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from tests.benchmarks.simulation import DATA

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "sample"
LONG = 0.3  # hours of the longer episode that is measured


# Each part runs in a process of its own, which says what it spent as JSON.


def main() -> None:
    found = tomlkit.parse(DATA.read_text(encoding="utf-8"))
    today = datetime.datetime.now(tz=datetime.UTC).date()
    with tempfile.TemporaryDirectory() as name:
        from tests.benchmarks.bench_way import long_episode

        folder = Path(name)
        short = _part("stages", str(SAMPLE), str(folder / "a"))
        print(short, flush=True)
        long = _part("stages", str(long_episode(folder / "long", LONG)), str(folder / "b"))
        print(long, flush=True)
        stages: Any = found["stages"]
        stages["date"], stages["machine"] = today, _machine()
        stages["short_seconds"], stages["long_seconds"] = round(short["seconds"], 1), round(long["seconds"], 1)
        for stage in ("hear", "listen", "find", "clips"):
            slope = (long[stage] - short[stage]) / (long["seconds"] - short["seconds"])
            if stage == "clips":  # as many clips of as much sound, whatever the episode's length: chance is no slope
                slope = 0.0
            slope = max(0.0, slope)
            fixed = max(0.0, (short[stage] + long[stage] - slope * (short["seconds"] + long["seconds"])) / 2)
            stages[stage]["fixed"], stages[stage]["per_second"] = round(fixed, 2), round(slope, 5)
        shared: Any = found["shared"]
        shared["disk"]["result_bytes"] = int(short["result_bytes"])
        spent = _part("hand_out", str(folder / "c"))
        print(spent, flush=True)
        stages["start"]["fixed"] = round(spent["start"], 2)
        shared["hand_out"]["seconds"], shared["hand_out"]["date"] = round(spent["seconds"], 5), today
        row = _part("rows", str(folder / "d"))
        print(row, flush=True)
        shared["batch_json"]["row_seconds"] = float(f"{row['seconds']:.3g}")
        shared["batch_json"]["row_bytes"], shared["batch_json"]["date"] = round(row["bytes"]), today
    DATA.write_text(tomlkit.dumps(found), encoding="utf-8")
    print(f"written to {DATA.relative_to(ROOT)}; make format writes docs/planning.md anew")


def _part(*arguments: str) -> dict[str, float]:
    code = "import sys; from tests.benchmarks import stage_costs as b; b.PARTS[sys.argv[1]](*sys.argv[2:])"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, check=True, text=True,
        env={**os.environ, "CLIPPER_CACHE": f"{arguments[-1]}-cache"}, cwd=ROOT,
    )  # fmt: skip
    spent: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return spent


def _processor() -> float:
    """Seconds of a core that this process spent, and its children that have ended."""
    every = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(r.ru_utime + r.ru_stime for r in every)


@dataclass(slots=True)
class _Cores:
    """A timer for `whole.make` that counts seconds of a core."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = _processor()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + _processor() - began


def stages(source: str, out: str) -> None:
    """An episode's stages on one core, with everything loaded before; as `hear` and `work` do them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
    from clipper.batch import one, videos, whole
    from clipper.batch.wishes import wished
    from clipper.media import probe_sound
    from clipper.speech.engines import sharing
    from tests.batch import tiny

    with sharing():
        page = tiny.episode(Path(f"{out}-warm"), 0)
        wishes = wished(str(page), to_make=True, count=1, shortest=4, longest=12, offline=True)
        whole.make(wishes, Path(f"{out}-warm-out"), videos.output_of("draft", "libx264", None, None, ["square"]))
        wishes = wished(source, to_make=True, offline=True)
        before, timer = _processor(), _Cores()
        one.hear(wishes)
        heard = _processor() - before
        output = videos.output_of(wishes.quality, "libx264", None, None, wishes.formats)
        made = whole.make(wishes, Path(out), output, timer=timer)  # type: ignore[arg-type]
    spent = {name: timer.seconds[name] for name in ("transcribe", "listen", "find")}
    rest = _processor() - before - heard - sum(spent.values())
    assert made.found.audio is not None
    print(json.dumps({
        "seconds": probe_sound(made.found.audio).seconds, "hear": heard,
        "listen": spent["transcribe"] + spent["listen"], "find": spent["find"], "clips": rest,
        "result_bytes": sum(p.stat().st_size for p in Path(out).rglob("*") if p.is_file()),
    }))  # fmt: skip


def hand_out(folder: str) -> None:
    """What a real cluster costs the one that started the batch: episodes that fail at once, so that nothing but
    handing out remains; and what a worker costs until it is ready.
    """
    from clipper.batch.executors import open_executor
    from clipper.batch.work import Task

    Path(folder).mkdir()
    tasks = [Task(f"e{i}", f"{folder}/nothing-{i}.mp3", f"{folder}/out/e{i}") for i in range(400)]
    executor = open_executor("ray", jobs=2)
    with closing(executor.run(tasks[:2], lambda *said: None)) as outcomes:
        list(outcomes)
    count, began = 0, 0.0
    with closing(executor.run(tasks, lambda *said: None)) as outcomes:
        for outcome in outcomes:
            assert outcome.state == "failed"
            count += 1
            if count == 20:
                began = time.process_time()
        spent = time.process_time() - began
    start = _start()
    # an episode that fails has one stage, one that is done has two
    print(json.dumps({"seconds": 2 * spent / (count - 20), "start": start}))


def _start() -> float:
    """Seconds of a core until a worker has everything loaded: Python, Ray, clipper, the recogniser."""
    code = (
        "import ray\nfrom clipper.batch.executors.ray import far\nfrom clipper.batch import one, videos, whole\n"
        "from clipper.speech.engines import open_engine\nfrom clipper.speech.weights import find_weights\n"
        "open_engine('faster-whisper', find_weights('base', offline=True))"
    )
    before = _processor()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    return _processor() - before


def rows(folder: str) -> None:
    """What a row of batch.json costs, of 10,000."""
    from clipper.batch import record

    Path(folder).mkdir()
    files = {f"clips/{c:02}-a-title-of-usual-length/{s}.{e}": 4_000_000 for c in range(5)
             for s in ("vertical", "square", "wide") for e in ("mp4", "jpg")}  # fmt: skip
    name = "2026-11-30-a-title-of-usual-length-for-an-episode"
    row = record.Episode(
        name=name, source=f"/srv/archive/{name}.md", title="A title of usual length for an episode", state="done",
        seconds=100, clips=5, made_from="0" * 32, plan="0" * 64, listing="0" * 16, outputs=files,
        inputs={f"/srv/archive/{name}.{e}": (60_000_000, 1_700_000_000_000_000_000, "0" * 64) for e in ("md", "mp3")},
    )  # fmt: skip
    every = record.Record(schema=1, episodes={f"file:{i}": row for i in range(10_000)})
    began = time.process_time()
    record.save(Path(folder), every)
    spent = time.process_time() - began
    print(json.dumps({"seconds": spent / 10_000, "bytes": (Path(folder) / record.NAME).stat().st_size / 10_000}))


def _machine() -> str:
    name = platform.processor() or platform.machine()
    for line in (
        Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else ()
    ):
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    return f"one core of {name}"


PARTS = {"stages": stages, "hand_out": hand_out, "rows": rows}


if __name__ == "__main__":
    main()
