"""Names in the plan: how words are written that were heard otherwise, and who speaks.

In: the plan's file and a transcript as it was heard; out: rows, and the transcript as it is to be read. So a changed
row recognises nothing again, and only the clips whose words it touches are made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from clipper.plan.fields import Entry
from clipper.plan.yamltext import flow_map, parse, read, scalar
from clipper.speech.model import Transcript
from clipper.speech.spelled import SHOW, YOURS, Spelling
from clipper.speech.spelled import as_written as respelled

ROW_KEYS = ("heard", "written", "count", "where", "applied", "certain")
KEYS = ("as_heard", "spelling", "speakers")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What the plan says of names.

    Attributes:
        rows: heard -> written; those that are applied are.
        speakers: a speaker's id in the transcript, and the name that is shown.
        as_heard: leave all words as they were heard, whatever the rows say.
    """

    rows: tuple[Spelling, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict)
    as_heard: bool = False

    def written(self, heard: Transcript) -> Transcript:
        """The transcript as it is to be read: the one place where rows and names are put in."""
        done = heard if self.as_heard else respelled(heard, self.rows)
        named = {old: new for old, new in self.speakers.items() if old != new}
        if not named:
            return done
        words = tuple(
            w.model_copy(update={"speaker": named[w.speaker]}) if w.speaker in named else w for w in done.words
        )
        return done.model_copy(update={"words": words})


def names_in(path: Path) -> Names:
    """What the plan's file says of names; nothing where there is no such file.

    Raises:
        InputError: it is no plan's file, or a row is not what it must be.
    """
    if not path.is_file():
        return Names()
    data = parse(read(path), path)
    return names_of(Entry(path, "", data)) if isinstance(data, CommentedMap) else Names()


def names_of(top: Entry) -> Names:
    """The same from the file as parsed."""
    return Names(tuple(_row(entry) for entry in _rows(top)), _speakers(top), bool(top.flag("as_heard")))


def merged(before: Sequence[Spelling], found: Sequence[Spelling]) -> tuple[Spelling, ...]:
    """The rows of a new run, with what the producer changed or added in the earlier ones.

    A row that the producer switched, wrote otherwise or added stays; what clipper found then and does not find any more
    goes. What clipper.toml says now goes before what it said then.
    """
    ours = {row.heard: row for row in before}
    out: list[Spelling] = []
    for row in found:
        was = ours.pop(row.heard, None)
        if was is None or (was.where == SHOW and row.where == SHOW and was.applied == was.certain):
            out.append(row)
        elif was.written != row.written or was.applied != was.certain:
            out.append(was.model_copy(update={"count": row.count}))
        else:
            out.append(row)
    return (*out, *(row for row in ours.values() if row.where == YOURS or row.applied != row.certain))


def _rows(top: Entry) -> tuple[Entry, ...]:
    return top.entries("spelling", "row")


def _row(entry: Entry) -> Spelling:
    entry.only(ROW_KEYS)
    values = {}
    for key in ("heard", "written"):
        text = " ".join((entry.text(key) or "").split())
        if not text:
            raise entry.bad(key, f"it has no {key}", "write heard: and written:, each with a word or a name")
        values[key] = text
    applied, certain = entry.flag("applied"), entry.flag("certain")
    applied = True if applied is None else applied
    return Spelling(
        **values,
        count=entry.integer("count") or 0,
        where=entry.text("where") or YOURS,
        applied=applied,
        certain=applied if certain is None else certain,
    )


def _speakers(top: Entry) -> dict[str, str]:
    inner = top.entry("speakers", "speakers")
    if inner is None:
        return {}
    found = {str(key): inner.text(str(key)) for key in inner.map}
    return {key: " ".join(name.split()) for key, name in found.items() if name and name.strip()}


def pairs_of(names: Names) -> dict[str, Pairs | str | None]:
    """The values of the file's keys as they are compared and written, in the order of ROW_KEYS."""
    rows: Pairs = ()
    for row in names.rows:
        rows += (("heard", row.heard), ("written", row.written))
        rows += (("count", str(row.count)),) if row.count else ()
        rows += (("where", row.where), ("applied", str(row.applied).lower()))
        rows += (("certain", str(row.certain).lower()),) if row.certain != row.applied else ()
    return {
        "as_heard": "true" if names.as_heard else None,
        "spelling": rows,
        "speakers": tuple(names.speakers.items()),
    }


def yaml_of(key: str, pairs: Pairs) -> CommentedSeq | CommentedMap:
    """`spelling` as a list of rows, one a line; `speakers` as a group of keys."""
    if key == "speakers":
        return CommentedMap({who: scalar(name) for who, name in pairs})
    rows = CommentedSeq()
    for name, value in pairs:
        if name == "heard":
            rows.append(flow_map())
        rows[-1][name] = scalar(value, flow=True, bare=name in ("count", "applied", "certain"))
    if not rows:
        rows.fa.set_flow_style()
    return rows
