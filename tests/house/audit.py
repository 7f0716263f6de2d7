"""`make audit`: the locked packages against the public list of known faults, and how much of it could be asked.

In: requirements/*.txt; out: what is known to be faulty; exit code 0 if all was looked up and nothing found, 1 if
something was found, 3 if the list could not be reached for all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.house.locks import FOLDER, WHAT


def looked_up(files: Sequence[Path]) -> list[dict[str, Any]]:
    """A row for each package: name and version, and either `vulns` or a `skip_reason`."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--timeout", "20",
               "--disable-pip", "--no-deps"]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for file in files:
        done = subprocess.run([*command, "-r", str(file)], capture_output=True, text=True, check=False)
        try:
            rows += json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
            rows.append({"name": f"{file.name} as a whole", "skip_reason": lines[-1]})
    return rows


def verdict(rows: Sequence[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit code, and what to say."""
    skipped = [row for row in rows if "skip_reason" in row]
    bad = [row for row in rows if row.get("vulns")]
    lines = []
    for row in bad:
        for fault in row["vulns"]:
            mended = ", ".join(fault.get("fix_versions") or ["none yet"])
            lines.append(f"{row['name']} {row['version']}: {fault['id']}, mended in {mended}")
    known = len(rows) - len(skipped)
    lines.append(f"{known} of {len(rows)} packages looked up in PyPI's list, {len(bad)} with known faults")
    if skipped:
        why = str(skipped[0]["skip_reason"])
        lines.append(f"error: {len(skipped)} were not looked up, first {skipped[0]['name']}: {why}")
        lines.append("  try: where PyPI's own addresses are reached; there is no list that works offline")
    return (1 if bad else 3 if skipped else 0), lines


def main() -> None:
    code, lines = verdict(looked_up([FOLDER / f"{name}.txt" for name in WHAT]))
    print("\n".join(lines))
    sys.exit(code)


if __name__ == "__main__":
    main()
