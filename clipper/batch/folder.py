"""OUT: what lies where in an episode's output folder.

In: OUT; out: paths and what was kept there. A later run reads the same files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from clipper import cache
from clipper.episode.model import Episode
from clipper.errors import InputError


@dataclass(frozen=True, slots=True)
class Folder:
    """The paths inside an output folder."""

    path: Path

    @property
    def transcript(self) -> Path:
        return self.path / "transcript.json"

    @property
    def captions(self) -> Path:
        return self.path / "transcript.vtt"

    @property
    def episode(self) -> Path:
        return self.path / "episode.json"

    def create(self) -> None:
        """Makes the folder.

        Raises:
            MissingError: it cannot be made or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / f".clipper-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise cache.cannot_write(self.path, error) from error

    def relative(self, path: Path | None) -> str | None:
        """A path as the plan names it: relative where it lies in OUT, else absolute."""
        if path is None:
            return None
        whole, root = path.resolve(), self.path.resolve()
        return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)

    def find(self, name: str | None) -> Path | None:
        """The path behind a plan's `audio`, `cover` or `transcript`."""
        return None if name is None else self.path / name  # an absolute name replaces the folder

    def save_episode(self, episode: Episode) -> None:
        cache.write_text(self.episode, episode.model_dump_json(indent=1) + "\n")

    def load_episode(self) -> Episode:
        """What was understood of the page; an empty episode where nothing was kept.

        Raises:
            InputError: the file was changed into something else.
        """
        try:
            return Episode.model_validate_json(self.episode.read_bytes())
        except FileNotFoundError:
            return Episode()
        except (OSError, ValidationError) as error:
            raise InputError(
                f"{self.episode} cannot be used", "remove it; the next clipper make or find writes it anew"
            ) from error
