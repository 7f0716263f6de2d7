"""What is written otherwise than it was heard. In: a transcript and rows heard -> written; out: the transcript as it is
to be read, each row's words replaced and nothing else. What was heard is kept elsewhere, so every row can be undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from clipper.speech.model import Transcript, Word
from clipper.speech.names import Correction, parted

SHOW = "in clipper.toml"
PAST = "corrected before"
YOURS = "yours"


class Spelling(BaseModel):
    """One row: `heard` is written as `written`.

    Attributes:
        heard: one word or more, without punctuation. With a capital it is looked for only where the recogniser wrote
            one ("May" is not "may"); without, whatever the capitals.
        written: what stands there instead, of as many words or not.
        count: how often it was heard when the row was made.
        where: who spells it so ("on the page", "in clipper.toml"); "yours" for a row of the producer's.
        applied: whether it is written so; false for a proposal that nobody took, or one that was taken back.
        certain: whether clipper applied it by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    heard: str = Field(min_length=1)
    written: str = Field(min_length=1)
    count: int = 0
    where: str = YOURS
    applied: bool = True
    certain: bool = True

    def __str__(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        told = "is written" if self.applied else "may be"
        wish = "" if self.applied else "; if so, set it to applied in clips.yaml"
        return f"“{self.heard}” {told} “{self.written}” ({times}), as {self.where}{wish}"


def as_written(transcript: Transcript, rows: Iterable[Spelling]) -> Transcript:
    """The transcript with every row that is applied."""
    return _replaced(transcript, [(r.heard, r.written) for r in rows if r.applied])[0]


def respell(transcript: Transcript, names: Mapping[str, str]) -> tuple[Transcript, tuple[Correction, ...]]:
    """The transcript with the show's own spellings (clipper.toml, [names]), whatever the capitals of what is heard.

    Args:
        names: heard: meant, each of one word or more.
    """
    changed, counts = _replaced(transcript, [(h.casefold(), meant) for h, meant in names.items() if h != meant])
    return changed, tuple(Correction(heard, written, n, SHOW) for (heard, written), n in counts.most_common())


def recalled(
    transcript: Transcript, before: Mapping[str, str], common: Collection[str]
) -> tuple[Transcript, tuple[Spelling, ...]]:
    """The transcript with what was corrected in earlier episodes (clipper.learnt.toml), and a row for each.

    Args:
        before: heard -> written; what was right as it was heard stands for itself.
        common: words in lower case that are no names: a mishearing made of them alone is only proposed, since the next
            time it may be meant.
    """
    pairs = [(heard, written) for heard, written in before.items() if heard != written]
    _, counts = _replaced(transcript, pairs)
    rows = []
    for (heard, written), n in counts.most_common():
        sure = not all(part.casefold() in common for part in heard.split())
        rows.append(Spelling(heard=heard, written=written, count=n, where=PAST, applied=sure, certain=sure))
    return as_written(transcript, rows), tuple(rows)


def _replaced(transcript: Transcript, pairs: Iterable[tuple[str, str]]) -> tuple[Transcript, Counter[tuple[str, str]]]:
    """The transcript with every heard spelling written as it is meant, and how often each was found.

    Where the two differ in the number of words, the meant ones share the time of the heard ones. A spelling is not
    looked for across punctuation; the longest one goes first, and what was written is not looked through again.
    """
    wanted: dict[tuple[str, ...], list[tuple[list[str], list[str]]]] = defaultdict(list)
    for heard, meant in pairs:
        if heard.split() and meant.split() and heard != meant:
            wanted[tuple(heard.casefold().split())].append((heard.split(), meant.split()))
    counts: Counter[tuple[str, str]] = Counter()
    if not wanted:
        return transcript, counts
    sizes = sorted({len(heard) for heard in wanted}, reverse=True)
    words = transcript.words
    cores = [parted(w.text)[1] for w in words]
    folded = [core.casefold() for core in cores]
    out: list[Word] = []
    i = 0
    while i < len(words):
        found = next(
            (
                (n, meant)
                for n in sizes
                if i + n <= len(words) and not _broken(words[i : i + n])
                for heard, meant in wanted.get(tuple(folded[i : i + n]), ())
                if all(
                    core[:1].isupper() or not h[:1].isupper() for core, h in zip(cores[i : i + n], heard, strict=True)
                )
            ),
            None,
        )
        if found is None:
            out.append(words[i])
            i += 1
            continue
        size, texts = found
        was = " ".join(cores[i : i + size])
        if was != " ".join(texts):
            counts[was, " ".join(texts)] += 1
        out += _written(words[i : i + size], texts)
        i += size
    return transcript.model_copy(update={"words": tuple(out)}), counts


def _as_capital(cores: Sequence[str], heard: Sequence[str]) -> bool:
    """Whether the recogniser wrote a capital wherever the row has one."""
    return all(core[:1].isupper() or not want[:1].isupper() for core, want in zip(cores, heard, strict=True))


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
