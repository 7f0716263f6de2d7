"""Pages that are written from the code: `python -m tests.house.PAGE --write`, without it only shown (`make format`)."""

import sys
from pathlib import Path


def write_or_show(path: Path, text: str) -> None:
    if "--write" in sys.argv:
        path.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
