"""What `clipper pack` answers: a table for people, a document for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clipper.batch.packs import Made


def document(made: Sequence[Made]) -> dict[str, Any]:
    """The document of --json."""
    return {
        "packs": [
            {
                "clip": one.clip,
                "platform": one.platform.name,
                "folder": str(one.folder),
                **({"refused": one.refused.message, "mend": one.refused.mend} if one.refused else {}),
                **({"manifest": one.packed.model_dump(mode="json", by_alias=True)} if one.packed else {}),
            }
            for one in made
        ]
    }


def summary(out: Path, made: Sequence[Made]) -> None:
    """A row a pack."""
    from rich.table import Table

    from clipper.cli.console import terminal
    from clipper.export.post import measured

    console = terminal()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("clip", "platform", "video", "post", "what was changed"):
        table.add_column(name, overflow="fold")
    for one in made:
        if one.packed is None:
            told = one.refused.message if one.refused else ""
            table.add_row(one.clip, one.platform.label, "not packed", "", told)
            continue
        length = measured(one.packed.text, one.platform.text)
        limit = f"/{length.limit}" if length.limit is not None else ""
        video = one.packed.video
        table.add_row(
            one.clip, one.platform.label, f"{video.width}x{video.height} {video.bytes / 1e6:.1f} MB",
            f"{length.count}{limit}", "; ".join(one.packed.changes) or "nothing",
        )  # fmt: skip
    console.print(table)
    console.print(f"Packs: {out / 'packs'}", markup=False)
