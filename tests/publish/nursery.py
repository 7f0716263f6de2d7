"""Runs of the real program that start in no time: a process that has imported it forks one for each line it reads.

In: lines of JSON, {"argv": [...], "env": {...}}; out: a line with the child's pid, then one with how it ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    import atproto  # noqa: F401
    import httpx  # noqa: F401
    import mastodon  # noqa: F401

    from clipper.cli import app
    from clipper.publish import desk, ledger, runner  # noqa: F401

    app.run(["posts", "--help"])
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.update(asked["env"])
            log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(log, 1)
            os.dup2(log, 2)
            code = 70
            try:
                code = app.run(asked["argv"], verbose="--verbose" in asked["argv"])
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


class Nursery:
    """The process, from the tests' side."""

    def __init__(self, log: Path, **environment: str) -> None:
        self.log, self.environment = log, environment
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.publish.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        while self._read() != "ready":
            pass

    def start(self, *argv: object) -> int:
        """Starts one run; its pid."""
        asked: dict[str, Any] = {"argv": [str(a) for a in argv], "env": self.environment, "log": str(self.log)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._read())

    def ended(self) -> int:
        """Waits for it; the exit code, or minus the signal that killed it."""
        return os.waitstatus_to_exitcode(int(self._read()))

    def run(self, *argv: object) -> tuple[int, str]:
        """A whole run: its exit code, and all that it said."""
        self.log.write_text("")
        self.start(*argv)
        return self.ended(), self.log.read_text()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        return line.strip()


if __name__ == "__main__":
    main()
