"""The show's own spellings. In: a transcript and what is heard for what is meant (clipper.toml, [names]); out: the
transcript with exactly those words replaced, and a row for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from clipper.speech.model import Transcript, Word
from clipper.speech.names import Correction, parted

SOURCE = "in clipper.toml"


def respell(transcript: Transcript, names: Mapping[str, str]) -> tuple[Transcript, tuple[Correction, ...]]:
    """The transcript with every heard spelling written as it is meant, whatever its capitals.

    Args:
        names: heard: meant, each of one word or more. Where the two differ in the number of words, the meant ones
            share the time of the heard ones. A spelling is not looked for across
            punctuation.
    """
    wanted = {tuple(heard.casefold().split()): meant.split() for heard, meant in names.items() if heard != meant}
    wanted = {heard: meant for heard, meant in wanted.items() if heard and meant}
    if not wanted:
        return transcript, ()
    sizes = sorted({len(heard) for heard in wanted}, reverse=True)  # the longest spelling goes first
    words = transcript.words
    cores = [parted(w.text)[1].casefold() for w in words]
    out: list[Word] = []
    counts: Counter[tuple[str, str]] = Counter()
    i = 0
    while i < len(words):
        size = next((n for n in sizes if tuple(cores[i : i + n]) in wanted and not _broken(words[i : i + n])), 0)
        if not size:
            out.append(words[i])
            i += 1
            continue
        meant = wanted[tuple(cores[i : i + size])]
        heard = " ".join(parted(w.text)[1] for w in words[i : i + size])
        if heard != " ".join(meant):
            counts[heard, " ".join(meant)] += 1
        out += _written(words[i : i + size], meant)
        i += size
    rows = tuple(Correction(heard, written, n, SOURCE) for (heard, written), n in counts.most_common())
    return transcript.model_copy(update={"words": tuple(out)}), rows


def _broken(run: Sequence[Word]) -> bool:
    """Whether punctuation stands inside: then it is a list or another sentence, no name."""
    return any(parted(w.text)[2] for w in run[:-1]) or any(parted(w.text)[0] for w in run[1:])


def _written(run: Sequence[Word], meant: Sequence[str]) -> list[Word]:
    head, tail = parted(run[0].text)[0], parted(run[-1].text)[2]
    texts = list(meant)
    texts[0], texts[-1] = head + texts[0], texts[-1] + tail
    if len(texts) == len(run):
        return [w.model_copy(update={"text": t}) for w, t in zip(run, texts, strict=True)]
    start, step = run[0].start, (run[-1].end - run[0].start) / len(texts)
    return [
        run[0].model_copy(
            update={
                "text": text,
                "start": round(start + k * step, 3),
                "end": round(start + (k + 1) * step, 3),
                "space": run[0].space if k == 0 else True,
            }
        )
        for k, text in enumerate(texts)
    ]
