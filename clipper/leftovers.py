"""What a run that was killed leaves behind: temporary files and folders with its process in their names.

In: folders; out: they are clean. A name says on which machine and in which process it was made; it is a leftover once
that process is gone, or, made elsewhere, after a day.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

MARK = ".clipper-"
_DAY = 86_400.0
_NAME = re.compile(r"\.?clipper-([0-9a-f]{8})-(\d{1,10})-")


def prefix() -> str:
    """How the names of this process's temporary files begin; the dot hides them."""
    return f"{MARK}{_machine()}-{os.getpid()}-"


def folder_prefix() -> str:
    """The same for folders in the system's temporary folder."""
    return prefix().removeprefix(".")


def sweep(folders: Iterable[Path], *, ours: bool = False) -> int:
    """Removes the leftovers in `folders`, not below them; gives how many.

    Args:
        ours: nobody else can be at work there (its lock is held), so what another machine left goes as well.
    """
    count = 0
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as found:
            for one in found:
                if one.name.startswith((MARK, MARK[1:])) and _dead(one, ours):
                    _remove(Path(one.path))
                    count += 1
    return count


def sweep_scratch() -> int:
    """Removes what killed runs left in the system's temporary folder."""
    return sweep([Path(tempfile.gettempdir())])


def alive(pid: int) -> bool:
    """Whether a process of this machine runs (or is a stranger's, which is alive as well)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] == "Z"
        )
    except (OSError, IndexError):
        return False


def _dead(one: os.DirEntry[str], ours: bool) -> bool:
    found = _NAME.match(one.name)
    if found is None:
        return False
    if found[1] == _machine():
        pid = int(found[2])
        return pid != os.getpid() and not alive(pid)
    try:
        return ours or time.time() - one.stat(follow_symlinks=False).st_mtime > _DAY
    except OSError:
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


@cache
def _machine() -> str:
    """A few letters that differ between the machines that may share a disk."""
    import platform

    boot = ""
    with suppress(OSError):  # containers of one host have its name space of processes each
        boot = str(Path("/proc/self/ns/pid").readlink())
    return f"{zlib.crc32(f'{platform.node()} {boot}'.encode()):08x}"
