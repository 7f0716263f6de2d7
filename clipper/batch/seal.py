"""Whether a source is still what it was when work on it began. In: a path; out: a `Seal` that can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from clipper import cache
from clipper.errors import InputError


@dataclass(frozen=True, slots=True)
class Seal:
    """A file as it was: size and time of change, and its digest, which is only taken where these differ later."""

    path: Path
    size: int
    changed: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """The seal of a file that is there.

        Raises:
            InputError: it cannot be read.
        """
        try:
            facts = path.stat()
            return cls(path, facts.st_size, facts.st_mtime_ns, cache.file_digest(path))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error

    @classmethod
    def none(cls) -> Self:
        """The seal of nothing, which never breaks."""
        return cls(Path(), 0, 0, "")

    def check(self) -> None:
        """Raises InputError where the file is gone or holds something else now."""
        if not self.digest:
            return
        try:
            facts = self.path.stat()
            same = (facts.st_size, facts.st_mtime_ns) == (self.size, self.changed)
            if same or cache.file_digest(self.path) == self.digest:
                return
        except OSError as error:
            raise InputError(
                f"{self.path} went away while it was worked on", "put it back, then run it again"
            ) from error
        raise InputError(
            f"{self.path} was changed while it was worked on", "run it again: what no longer fits is made anew"
        )
