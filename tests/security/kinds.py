"""What `make fuzz` damages, and who reads it. In: a folder to make real files in; out: seeds and readers by kind."""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

from tests.batch import tiny
from tests.conftest import ROOT, SAMPLE

BASELINES = ROOT / "tests" / "baselines"


class Kinds:
    """What is damaged, and who reads it. Every reader may raise a ClipperError and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeds: dict[str, list[tuple[str, bytes]]] = {}  # what is damaged, and the ending its file has
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
        from clipper.speech.formats import read_transcript

        srt = "".join(
            f"{n}\n00:00:{int(w.start):02d},{int(w.start % 1 * 1000):03d} --> 00:00:{int(w.end):02d},999\n{w.text}\n\n"
            for n, w in enumerate(read_transcript(made / "transcript.json").words, 1)
        )
        manifest = next(made.rglob("clip.json"))
        self.seeds = {
            "page": [(".md", sample), (".md", page.read_bytes()), (".html", html)],
            "feed": [(".xml", feed)],
            "media": [
                (".mp3", page.with_suffix(".mp3").read_bytes()),
                (".mp4", next(made.rglob("*.mp4")).read_bytes()),
                (".wav", _wav()),
            ],
            "image": [(".jpg", (SAMPLE / "cover.jpg").read_bytes()), (".png", _png())],
            "transcript": [
                (".json", (made / "transcript.json").read_bytes()),
                (".vtt", (made / "transcript.vtt").read_bytes()),
                (".srt", srt.encode()),
                (".txt", page.with_suffix(".txt").read_bytes()),
                (".json", (BASELINES / "transcript-1.json").read_bytes()),
            ],
            "template": [(".toml", (ROOT / "templates/spotlight/template.toml").read_bytes())],
            "plan": [(".yaml", (made / "clips.yaml").read_bytes())],
            "manifest": [(".json", manifest.read_bytes())],
            "packed": [(".json", _pack(folder / "packs"))],
            "settings": [
                (".toml", b'[clips]\ncount = 3\ncover = "peak"\n[names]\n"a" = "b"\n[look]\nbrand.accent = "#fff"\n')
            ],
            "record": [(".json", (BASELINES / "batch-1.json").read_bytes())],
            "watch": [(".json", (BASELINES / "watch-1.json").read_bytes())],
            "table": [(".csv", b"episode,audio,name,date\na.md,a.mp3,Bells,2026-11-01\nb.md,,,\n")],
            "answer": [(".json", _answer())],
            "cache": [(".json", b"{}"), (".json", (made / "transcript.json").read_bytes())],
            "ledger": [(".sqlite", _ledger(folder / "book"))],
            "lock": [(".json", b'{"pid": 1, "host": "x", "machine": "00000000", "began": 1.0, "born": "7"}')],
        }
        self.transcript = made / "transcript.json"

    def reader(self, kind: str) -> Callable[[Path], object]:
        """What reads a file of this kind."""
        from clipper.batch import record, watch
        from clipper.batch.lock import HeldError, holder_of, holding
        from clipper.batch.planned import open_plan
        from clipper.batch.site import write_site
        from clipper.batch.sources import expand
        from clipper.episode.feed_items import split_feed
        from clipper.episode.load import load_episode
        from clipper.episode.source import decode
        from clipper.export.own.answers import read_answer
        from clipper.export.packed import read_packed
        from clipper.media import probe_sound
        from clipper.picture.cover import open_cover
        from clipper.picture.template import load
        from clipper.publish.ledger import Ledger, now
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

        def packed(path: Path) -> None:
            path.rename(path.parent / "manifest.json")
            read_packed(path.parent)

        def watched(path: Path) -> None:
            path.rename(path.parent / watch.NAME)
            watch._state(path.parent, "https://example.org/feed.xml")

        def ledger(path: Path) -> None:
            with Ledger(path) as book:
                for row in book.rows():
                    book.steps(row.key).get("media")
                book.due(now())
                book.keep_backup()

        def locked(path: Path) -> None:
            path.rename(path.parent / ".clipper-lock")
            holder_of(path.parent)
            with contextlib.suppress(HeldError), holding(path.parent):
                pass

        return {
            "page": lambda p: load_episode(str(p)),
            "feed": feed,
            "media": media,
            "image": open_cover,
            "transcript": read_transcript,
            "template": template,
            "plan": plan,
            "manifest": manifest,
            "packed": packed,
            "settings": read_show,
            "record": batch,
            "watch": watched,
            "table": lambda p: expand([str(p)]),
            "answer": read_answer,
            "cache": cached,
            "ledger": ledger,
            "lock": locked,
        }[kind]


def _wav() -> bytes:
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as f:
        f.setnchannels(2)
        f.setsampwidth(2)
        f.setframerate(8000)
        f.writeframes(random.Random(1).randbytes(32_000))
    return out.getvalue()


def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((120, 120), 60).save(out, "PNG")
    return out.getvalue()


def _pack(folder: Path) -> bytes:
    from tests.publish.packs import make_pack

    return (make_pack(folder, "bluesky").folder / "manifest.json").read_bytes()


def _answer() -> bytes:
    content = "0" * 64
    row = {"schema": 1, "plan": "x", "by": "Aoife", "clips": [{"id": "c1", "content": content, "answer": "yes"}]}
    return json.dumps(row).encode()


def _ledger(folder: Path) -> bytes:
    """A ledger with posts in every state, in one file."""
    from clipper.publish.base import Account, Posted
    from clipper.publish.ledger import Ledger
    from tests.publish.packs import make_pack

    path, ada = folder / "ledger.sqlite", Account("did:plc:ada", "@ada.test", "public")
    with Ledger(path) as ledger:
        for number in range(1, 7):
            pack = make_pack(folder, "bluesky", number, size=0)
            row = ledger.intend(pack, "bluesky", ada)
            if number > 1:
                ledger.begin(row.key, pack)
                ledger.steps(row.key).put("media", {"id": number})
            if number > 3:
                ledger.posted(row.key, Posted(f"at://{number}", "https://bsky.example/x"))
        ledger._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()
