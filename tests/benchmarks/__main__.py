"""`make bench`: runs every bench, or those named (`make bench BENCH_ARGS="render topics"`), each printing its table.

A bench is a file bench_NAME.py here with a function `main()` that gives its `Figure`s, which go into
docs/performance.md; with --look they are only printed. Nothing is asserted: machines differ.
"""

import importlib
import sys

from tests.benchmarks.figures import benches, keep


def main() -> None:
    known, look = benches(), "--look" in sys.argv
    wanted = [name for name in sys.argv[1:] if name != "--look"] or known
    for name in wanted:
        if name not in known:
            sys.exit(f"error: there is no bench {name}\n  try: one of {', '.join(known)}")
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        sys.argv = [f"bench_{name}"]  # a bench's own options are for calling it alone
        try:
            figures = importlib.import_module(f"tests.benchmarks.bench_{name}").main()
        except SystemExit as end:  # something it needs is not here; its rows stay
            print(end.code or "", flush=True)
            continue
        if not look:
            keep(name, figures)


if __name__ == "__main__":
    main()
