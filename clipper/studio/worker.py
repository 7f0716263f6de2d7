"""The process in which long work is done: the same functions that the command line calls.

In: one line of JSON, what to do; out: lines of JSON, how far it is and how it ended. When the input ends the work is
stopped where it stands, with what was finished kept.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from clipper.errors import ClipperError

EVERY = 0.1  # seconds between two reports of the same stage
HOURS = 12 * 3600.0  # seconds for which the end of another run in OUT is waited


class Cancelled(BaseException):
    """Nobody wants it any more; passes through everything that mends errors."""


class Teller:
    """Progress as lines of JSON; the place where a cancelled piece of work ends."""

    def __init__(self, out: TextIO, over: threading.Event) -> None:
        self.out, self.over = out, over
        self.part, self.parts = 0, 1
        self._last = ("", 0.0)

    def __call__(self, stage: str, done: float, total: float, note: str = "") -> None:
        if self.over.is_set():
            raise Cancelled
        now = time.monotonic()
        if stage == self._last[0] and now - self._last[1] < EVERY and done < total:
            return
        self._last = stage, now
        self.say(
            {"is": "progress", "stage": stage, "done": done, "total": total, "note": note,
             "part": self.part, "parts": self.parts}
        )  # fmt: skip

    def say(self, row: dict[str, Any]) -> None:
        self.out.write(json.dumps(row) + "\n")
        self.out.flush()


def main() -> None:
    """Does what the first line of the input says."""
    # what a library prints must not get between our lines
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    over = threading.Event()
    task = json.loads(sys.stdin.readline() or "{}")

    def watch() -> None:
        while sys.stdin.read(4096):
            pass
        over.set()

    threading.Thread(target=watch, daemon=True).start()
    teller = Teller(out, over)
    try:
        with alone(task, teller):
            said, result = KINDS[task["kind"]](task, teller)
        teller.say({"is": "done", "said": said, "result": result})
    except Cancelled:
        teller.say({"is": "cancelled"})
    except ClipperError as error:
        teller.say({"is": "failed", "said": [error.message, error.mend]})
    except Exception as error:  # the last guard: a page never shows a traceback
        teller.say({"is": "failed", "said": [f"{type(error).__name__}: {error}", "clipper render says more"]})
    out.close()
    os._exit(0)  # threads of libraries may still wait for work


def alone(task: dict[str, Any], teller: Teller) -> AbstractContextManager[None]:
    """OUT to itself while the work is done; the end of another run there is waited for, told and given up as all work.

    Between two pieces of work the studio holds nothing. `clipper publish` holds OUT by itself.
    """
    from clipper.batch.folder import Folder
    from clipper.batch.lock import holding

    if task["kind"] == "publish":
        return nullcontext()
    folder, said = Folder(Path(task["out"])), [""]
    folder.create()
    return holding(folder.path, wait=HOURS, tell=said.append, look=lambda: teller("waiting", 0, 1, said[-1]))


def _render(task: dict[str, Any], teller: Teller) -> tuple[list[str], dict[str, Any]]:
    from clipper.batch import videos
    from clipper.batch.planned import open_plan
    from clipper.batch.wishes import show_of

    out = Path(task["out"])
    plan, transcript = open_plan(out)
    quality = task.get("quality") or show_of(plan.episode, out).settings.quality
    output = videos.output_of(quality, "libx264", None, None, plan.formats)
    chosen = task.get("only") or [c.id for c in plan.clips if c.picked]
    teller.parts = max(1, len(chosen))
    said: list[str] = []

    def finished(one: Any) -> None:
        teller.part += 1
        said.extend(one.short)
        if one.note:
            said.append(f"{one.clip.title}: {one.note}")

    done = videos.render(out, plan, transcript, only=chosen, output=output, progress=teller, finished=finished)
    made = {one.clip.id: {shape: str(path.relative_to(out)) for shape, path in one.files.items()} for one in done}
    return said, {"made": made}


def _find(task: dict[str, Any], teller: Teller) -> tuple[list[str], dict[str, Any]]:
    from clipper.batch import one, videos
    from clipper.batch.known import refused_in
    from clipper.batch.planned import write_plan
    from clipper.batch.wishes import wished

    out = Path(task["out"])
    said = {k: Path(v) if k in ("audio", "cover", "transcript") and v else v for k, v in task.get("said", {}).items()}
    wishes = wished(task["source"], to_make=False, **said)
    videos.check_early(wishes, out)
    found = one.find(wishes, refused=refused_in(out), progress=teller)
    plan = write_plan(wishes, found, out, picked=None)
    return [*wishes.notes, *found.notes], {"clips": len(plan.clips)}


def _check(task: dict[str, Any], teller: Teller) -> tuple[list[str], dict[str, Any]]:
    import dataclasses

    from clipper import platforms
    from clipper.batch.checking import check_jobs, write_page
    from clipper.batch.finished import finished, wanted_platforms
    from clipper.batch.planned import open_plan

    out = Path(task["out"])
    plan, transcript = open_plan(out)
    wanted = tuple(map(platforms.platform, task["platforms"])) or wanted_platforms(None, plan, out)
    checked = check_jobs(out, finished(out, plan, transcript, task["only"]), wanted, teller)
    write_page(out, plan, checked)
    files = [
        {"clip": c.clip, "shape": c.format, "good": c.good, "verdicts": [dataclasses.asdict(v) for v in c.verdicts]}
        for c in checked
    ]
    return [], {"files": files}


def _pack(task: dict[str, Any], teller: Teller) -> tuple[list[str], dict[str, Any]]:
    from clipper import platforms
    from clipper.batch.finished import finished
    from clipper.batch.packs import make_packs
    from clipper.batch.planned import open_plan

    out = Path(task["out"])
    plan, transcript = open_plan(out)
    wanted = [platforms.platform(p) for p in task["platforms"] or platforms.names()]
    made = make_packs(out, plan, finished(out, plan, transcript, task["only"]), wanted, progress=teller)
    packs = [
        {
            "clip": one.clip,
            "platform": one.platform.name,
            "refused": one.refused.message if one.refused else "",
            "mend": one.refused.mend if one.refused else "",
            "changes": list(one.packed.changes) if one.packed else [],
        }
        for one in made
    ]
    return [], {"packs": packs}


def _publish(task: dict[str, Any], teller: Teller) -> tuple[list[str], dict[str, Any]]:
    """`clipper publish` itself: the dry run, the sending or planning that a person said yes to, or what is due now."""
    import subprocess

    from clipper.errors import InputError

    command = [sys.executable, "-m", "clipper", "publish", task["out"], "--json"]
    if task.get("due"):
        command += ["--due"]
    else:
        command += [f"--to={task['to']}", *(f"--only={name}" for name in task["only"])]
        command += ["--dry-run"] if task["dry"] else ["--yes", *([f"--at={task['at']}"] if task["at"] else [])]
    pipe = subprocess.PIPE
    done = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")
    try:
        while True:
            teller("publish", 0, 1)
            try:
                told, complaints = done.communicate(timeout=EVERY)
                break
            except subprocess.TimeoutExpired:
                continue
    except Cancelled:
        done.terminate()  # what was begun is in the ledger, and is looked for before it is sent again
        raise
    lines = [line.strip() for line in complaints.splitlines()]
    wrong = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    mends = [line.removeprefix("try: ") for line in lines if line.startswith("try: ")]
    try:
        document = json.loads(told)
    except ValueError as error:
        raise InputError((wrong or ["the sending broke off"])[0], (mends or ["look at the ledger"])[0]) from error
    planned = bool(task.get("at")) and not task.get("dry")
    said = [text for pair in zip(wrong, mends, strict=False) for text in pair]
    return said, {"dry": bool(task.get("dry")), "planned": planned, "told": document}


KINDS = {"publish": _publish, "render": _render, "find": _find, "check": _check, "pack": _pack}


if __name__ == "__main__":
    main()
