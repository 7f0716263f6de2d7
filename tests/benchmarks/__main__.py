"""`make bench`: runs every bench, or those named (`make bench BENCH_ARGS="render topics"`), each printing its table.

A bench is a file bench_NAME.py here with a function `main()`. Nothing is asserted: machines differ.
"""

import importlib
import sys
from pathlib import Path


def main() -> None:
    known = sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))
    wanted = sys.argv[1:] or known
    for name in wanted:
        if name not in known:
            sys.exit(f"error: there is no bench {name}\n  try: one of {', '.join(known)}")
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        sys.argv = [f"bench_{name}"]  # a bench's own options are for calling it alone
        try:
            importlib.import_module(f"tests.benchmarks.bench_{name}").main()
        except SystemExit as end:
            print(end.code or "", flush=True)


if __name__ == "__main__":
    main()
