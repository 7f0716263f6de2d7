"""Transcripts of any length for the page: an OUT that holds 40,000 words, or words written from right to left."""

import json
from pathlib import Path

from clipper.plan import store
from clipper.plan.model import Clip, Plan
from clipper.span import Span

ARABIC = ["كان", "الجرس", "قديما", "جدا", "ولم", "يسمعه", "أحد", "منذ", "سنوات", "طويلة"]


def spoken(count: int, said: list[str], seconds: float = 0.3) -> list[dict]:
    """Words one after the other, a sentence of twelve, as openai-whisper writes them."""
    words = []
    for i in range(count):
        text = said[i % len(said)] + ("." if i % 12 == 11 else "")
        words.append(
            {
                "word": " " + text,
                "start": round(i * seconds, 2),
                "end": round((i + 0.8) * seconds, 2),
                "probability": 0.9,
            }
        )
    return words


def long_out(
    out: Path, count: int, said: list[str], audio: Path, language: str = "en", clips: int = 2, seconds: float = 0.3
) -> Path:
    """OUT with a plan of some clips, spread over the episode, and that many words."""
    out.mkdir(parents=True)
    words = spoken(count, said, seconds)
    segments = [
        {"id": k, "start": w[0]["start"], "end": w[-1]["end"], "text": "".join(x["word"] for x in w), "words": w}
        for k, w in enumerate(words[i : i + 48] for i in range(0, count, 48))
    ]
    whole = {"text": "".join(s["text"] for s in segments), "language": language, "segments": segments}
    (out / "transcript.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    starts = [words[max(12, count * k // clips // 12 * 12)]["start"] for k in range(clips)]
    spans = [Span(start=round(s, 2), end=round(s + 26.4, 2)) for s in starts]
    made = tuple(
        Clip(id=f"c{k}", title=f"Clip {k}", span=span, proposed=span, text="x", proposed_title=f"Clip {k}")
        for k, span in enumerate(spans, 1)
    )
    store.save(Plan(title="A long one", audio=str(audio), clips=made, last_id=clips), out)
    return out
