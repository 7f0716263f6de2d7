"""Damaged input of every kind, by seed; for test_fuzz.py and for `make fuzz`, which tries more:

python -m tests.security.fuzzing 10000           other cases each time
python -m tests.security.fuzzing 17 1790000000   these
"""

from __future__ import annotations

import faulthandler
import logging
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from clipper.errors import ClipperError
from tests.security.kinds import Kinds

SECONDS = 60.0
BYTES = 2_000_000_000
SNIPPETS = (
    b"\x00", b"\xff\xfe", b"\x1b[2J", b"{{", b"]]>", b"<!--", b"%s%n", b"../" * 9, b"-rf", b"&amp;" * 50, b"[" * 400,
    b"'\"`", b"9" * 400, b"-1", b"1e999", b"NaN", b"\xe2\x80\xae", b"\r\n" * 20, b"!!python/object:x", b"*a &a",
    b"<" * 200,
)  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with bits turned, cut, doubled, or with something put in."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(out) + 1)
        kind = chance.randrange(6)
        if kind == 0 and out:
            out[min(at, len(out) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del out[at : at + chance.randint(1, max(1, len(out) // 4))]
        elif kind == 2:
            out[at:at] = chance.choice(SNIPPETS)
        elif kind == 3 and len(out) < 2_000_000:
            part = out[at : at + chance.randint(1, 4000)]
            out[at:at] = part * chance.randint(1, 20)
        elif kind == 4:
            del out[at:]
        else:
            out[at : at + 4] = chance.randbytes(4)
    return bytes(out)


class TooLong(BaseException):
    """A case that does not end; passes through everything that mends errors."""


def _too_long(number: int, frame: object) -> None:
    raise TooLong


def case(kinds: Kinds, seed: int) -> str:
    """One damaged input; gives what went wrong, or an empty text."""
    chance = random.Random(seed)
    kind = sorted(kinds.seeds)[seed % len(kinds.seeds)]
    ending, data = chance.choice(kinds.seeds[kind])
    if kind == "media" and chance.random() < 0.2:
        data += chance.choice(kinds.seeds["media"])[1]
    read = kinds.reader(kind)
    with tempfile.TemporaryDirectory(dir=kinds.folder) as place:
        path = Path(place, "inside", f"case{ending}")
        path.parent.mkdir()
        path.write_bytes(damaged(data, chance))
        before = _peak()
        signal.signal(signal.SIGALRM, _too_long)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            read(path)
        except ClipperError as error:
            if "\n" in error.message or not error.message.isprintable():
                return f"{kind} {seed}: an error that cannot be printed: {error.message!r}"
        except TooLong:
            return f"{kind} {seed}: did not end within {SECONDS:.0f} s\n{traceback.format_exc()}"
        except Exception:
            return f"{kind} {seed}: {traceback.format_exc()}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if [p for p in Path(place).iterdir() if p.name != "inside"]:
            return f"{kind} {seed}: wrote outside its folder"
    used = _peak()  # of the whole process, which other tests may have driven up before
    return f"{kind} {seed}: {used / 1e9:.1f} GB of memory" if used > max(BYTES, before) else ""


def _peak() -> int:
    """Bytes of memory that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"cases {first} to {first + count - 1}", flush=True)
    wrong, spent = 0, dict[str, float]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CLIPPER_CACHE"] = str(Path(folder, "cache"))  # it is filled with damaged results
        logging.getLogger("clipper").setLevel(logging.ERROR)  # that a damaged result is made again is no news here
        kinds = Kinds(Path(folder))
        for number in range(count):
            faulthandler.dump_traceback_later(3 * SECONDS, exit=True)  # what no signal reaches
            began = time.process_time()
            said = case(kinds, first + number)
            kind = sorted(kinds.seeds)[(first + number) % len(kinds.seeds)]
            spent[kind] = spent.get(kind, 0.0) + time.process_time() - began
            wrong += bool(said)
            if said:
                print(said, flush=True)
            if number % 1000 == 999 or number == count - 1:
                print(f"{number + 1} cases, {wrong} findings, {sum(spent.values()):.0f} s", flush=True)
        faulthandler.cancel_dump_traceback_later()
    print(", ".join(f"{kind} {seconds:.0f} s" for kind, seconds in sorted(spent.items())))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
