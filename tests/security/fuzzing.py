"""Damaged input of every kind, by seed; for test_fuzz.py and for `make fuzz`, which tries more:

python -m tests.security.fuzzing 10000
"""

from __future__ import annotations

import contextlib
import io
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from clipper.errors import ClipperError
from tests.batch import tiny
from tests.conftest import SAMPLE

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


class Kinds:
    """What is damaged, and who reads it. Every reader may raise a ClipperError and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeds: dict[str, list[bytes]] = {}
        page = tiny.episode(folder / "seed", 1)
        from clipper.cli.app import run

        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            words = ["make", str(page), "--transcript", str(page.with_suffix(".txt")), "-o", str(folder / "made")]
            assert run([*words, *map(str, tiny.QUICK)]) == 0
        made = folder / "made"
        sample = next(SAMPLE.glob("*.md")).read_bytes()
        html = b"<html><head><meta property='og:title' content='x'></head><body><h1>T</h1><ul><li>a</ul>" + sample
        feed = (
            b"<?xml version='1.0'?><rss xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel><title>S</title>"
            b"<item><title>One</title><guid>1</guid><description>&lt;ul&gt;&lt;li&gt;a</description>"
            b"<podcast:person role='guest'>A B</podcast:person><enclosure url='a.mp3' type='audio/mpeg'/></item>"
            b"</channel></rss>"
        )
        self.seeds = {
            "page": [sample, page.read_bytes()],
            "html": [html],
            "feed": [feed],
            "media": [page.with_suffix(".mp3").read_bytes(), next(made.rglob("*.mp4")).read_bytes()],
            "image": [(SAMPLE / "cover.jpg").read_bytes()],
            "transcript": [(made / n).read_bytes() for n in ("transcript.json", "transcript.vtt")],
            "template": [Path("templates/spotlight/template.toml").read_bytes()],
            "plan": [(made / "clips.yaml").read_bytes()],
            "manifest": [next(made.rglob("clip.json")).read_bytes()],
            "settings": [b'[clips]\ncount = 3\ncover = "peak"\n[names]\n"a" = "b"\n[look]\nbrand.accent = "#fff"\n'],
            "record": [b'{"schema": 1, "episodes": {"file:x": {"name": "x", "source": "x", "state": "done"}}}'],
            "cache": [b"{}"],
        }
        self.transcript = made / "transcript.json"

    def reader(self, kind: str) -> tuple[str, Callable[[Path], object]]:
        """The ending that a file of this kind has, and what reads it."""
        from clipper.batch import record
        from clipper.batch.planned import open_plan
        from clipper.batch.site import write_site
        from clipper.episode.feed_items import split_feed
        from clipper.episode.load import load_episode
        from clipper.episode.source import decode
        from clipper.media import probe_sound
        from clipper.picture.cover import open_cover
        from clipper.picture.template import load
        from clipper.show import read_show
        from clipper.sound.stream import pieces
        from clipper.speech.formats import read_transcript

        def feed(path: Path) -> None:
            load_episode(str(path))
            split_feed(decode(path.read_bytes(), path.name))

        def media(path: Path) -> None:
            probe_sound(path)
            for _ in pieces(path):
                pass
            load_episode(str(path))

        def plan(path: Path) -> None:
            (path.parent / "transcript.json").write_bytes(self.transcript.read_bytes())
            path.rename(path.parent / "clips.yaml")
            open_plan(path.parent)

        def manifest(path: Path) -> None:
            clip = path.parent / "clips" / "01-x"
            clip.mkdir(parents=True)
            (clip / "square.mp4").write_bytes(b"x")
            path.rename(clip / "clip.json")
            write_site(path.parent)

        def template(path: Path) -> None:
            path.rename(path.parent / "template.toml")
            load(path.parent)

        def batch(path: Path) -> None:
            path.rename(path.parent / record.NAME)
            record.load(path.parent)

        def cached(path: Path) -> None:
            from clipper import cache, tidying

            place = cache.entry("fuzz", path.name)
            with cache.appearing(place) as temporary:
                temporary.write_bytes(b"right")
            place.write_bytes(path.read_bytes())
            if cache.entry("fuzz", path.name).is_file():
                assert place.read_bytes() == b"right"
            cache.sum_of(place).parent.mkdir(parents=True, exist_ok=True)
            cache.sum_of(place).write_bytes(path.read_bytes())
            cache.entry("fuzz", path.name)
            tidying.stages()

        table: dict[str, tuple[str, Callable[[Path], object]]] = {
            "page": (".md", lambda p: load_episode(str(p))),
            "html": (".html", lambda p: load_episode(str(p))),
            "feed": (".xml", feed),
            "media": (".mp3", media),
            "image": (".png", open_cover),
            "transcript": (".json", read_transcript),
            "template": (".toml", template),
            "plan": (".yaml", plan),
            "manifest": (".json", manifest),
            "settings": (".toml", read_show),
            "record": (".json", batch),
            "cache": (".json", cached),
        }
        return table[kind]


def case(kinds: Kinds, seed: int) -> str:
    """One damaged input; gives what went wrong, or an empty text."""
    chance = random.Random(seed)
    kind = sorted(kinds.seeds)[seed % len(kinds.seeds)]
    data = chance.choice(kinds.seeds[kind])
    if kind == "media" and chance.random() < 0.2:
        data += chance.choice(kinds.seeds["media"])
    ending, read = kinds.reader(kind)
    with tempfile.TemporaryDirectory(dir=kinds.folder) as place:
        path = Path(place, "inside", f"case{ending}")
        path.parent.mkdir()
        path.write_bytes(damaged(data, chance))
        began, before = time.monotonic(), _peak()
        try:
            read(path)
        except ClipperError as error:
            if "\n" in error.message or not error.message.isprintable():
                return f"{kind} {seed}: an error that cannot be printed: {error.message!r}"
        except Exception:
            return f"{kind} {seed}: {traceback.format_exc()}"
        if time.monotonic() - began > SECONDS:
            return f"{kind} {seed}: took {time.monotonic() - began:.0f} s"
        if [p for p in Path(place).iterdir() if p.name != "inside"]:
            return f"{kind} {seed}: wrote outside its folder"
    used = _peak()  # of the whole process, which other tests may have driven up before
    return f"{kind} {seed}: {used / 1e9:.1f} GB of memory" if used > max(BYTES, before) else ""


def _peak() -> int:
    """Bytes of memory that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(time.time())
    print(f"cases {first} to {first + count - 1}", flush=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        kinds = Kinds(Path(folder))
        for number in range(count):
            said = case(kinds, first + number)
            wrong += bool(said)
            if said:
                print(said, flush=True)
            if number % 1000 == 999:
                print(f"{number + 1} cases, {wrong} findings", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
