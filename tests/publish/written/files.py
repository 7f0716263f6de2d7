"""A public place for files, as a network sees it: an address for each file, nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.publish.written.base import Answer, Ask, Refused, Written, route


class Files(Written):
    """`lay` puts a file there and gives its address."""

    def __init__(self) -> None:
        super().__init__()
        self.laid: dict[str, Path] = {}

    def lay(self, path: Path) -> str:
        place = f"/{len(self.laid)}/{path.name}"
        self.laid[place] = path
        return self.url + place

    @route("GET", r"/\d+/[\w.-]+")
    def get(self, ask: Ask) -> Answer:
        if ask.path not in self.laid:
            raise Refused(404)
        return Answer(200, self.laid[ask.path].read_bytes(), {"Content-Type": "video/mp4"})

    def folder(self, root: Path) -> str:
        """The address of a folder on the disk, whose files are there as they come."""
        self.root = root
        return f"{self.url}/folder"

    @route("GET", r"/folder/[\w./-]+")
    def below(self, ask: Ask) -> Answer:
        path = (self.root / ask.path.removeprefix("/folder/")).resolve()
        if not path.is_relative_to(self.root.resolve()) or not path.is_file():
            raise Refused(404)
        return Answer(200, path.read_bytes(), {"Content-Type": "video/mp4"})
