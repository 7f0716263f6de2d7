"""Fetches weights from the model hub, once, and checks what came against what the hub says of it.

In: a repository's name; out: files in a folder and their digests. Needs the network.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clipper import cache
from clipper.errors import ClipperError, MissingError
from clipper.speech.digests import Digest

log = logging.getLogger(__name__)

WANTED = ("model.bin", "config.json", "preprocessor_config.json", "tokenizer.json", "vocabulary.txt", "vocabulary.json")
_PATIENCE = 10.0  # seconds to wait for the hub's first answer


def fetch(repository: str, folder: Path, pins: Mapping[str, Digest], mend: str) -> dict[str, Digest]:
    """Every wanted file of `repository` into `folder`, model.bin last; gives the SHA-256 of each.

    Args:
        repository: such as "Systran/faster-whisper-small".
        folder: in clipper's cache; a broken download is gone on with there.
        pins: digests that clipper knows; they go before what the hub says.
        mend: what to tell the producer when it fails.

    Raises:
        MissingError: no network, no such repository, no space, or a file is not what it should be.
    """
    waiting = folder.with_name(f".{folder.name}-arriving")
    try:
        return _fetch(repository, folder, waiting, pins)
    except ClipperError:
        raise
    except Exception as error:  # the hub's client raises its own, its transport's and the system's errors
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise MissingError(
            f"the weights {repository} cannot be fetched from the hub ({reason})",
            mend,
        ) from error


def _fetch(repository: str, folder: Path, waiting: Path, pins: Mapping[str, Digest]) -> dict[str, Digest]:
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()  # stdout and stderr belong to the command line
    endpoint = os.environ.get("HF_ENDPOINT") or None
    info = HfApi(endpoint=endpoint).model_info(repository, files_metadata=True, timeout=_PATIENCE)
    files = {s.rfilename: s for s in info.siblings or [] if s.rfilename in WANTED}
    log.info("fetching %s from the hub (%d files)", repository, len(files))
    digests = {}
    for name in sorted(files, key=lambda n: n == "model.bin"):
        arrived = Path(hf_hub_download(repository, name, revision=info.sha, local_dir=waiting, endpoint=endpoint))
        digests[name] = _checked(arrived, files[name], pins.get(name))
    if "model.bin" not in digests:
        raise MissingError(f"{repository} holds no model.bin", "name a folder with a faster-whisper model")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in digests:
            (waiting / name).replace(folder / name)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error
    return digests


def _checked(path: Path, facts: Any, pin: Digest | None) -> Digest:
    """The file's SHA-256, if the file is what clipper knows, or else what the hub says, that it is.

    The hub gives the SHA-256 of large files, and of small ones git's blob id: SHA-1 over "blob SIZE", NUL, the bytes.
    """
    digest = cache.file_digest(path)
    if pin is not None:
        right = digest == pin
    elif facts.lfs is not None:
        right = digest == facts.lfs.sha256
    elif facts.blob_id:
        data = path.read_bytes()
        right = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == facts.blob_id
    else:
        right = False
    if not right:
        path.unlink(missing_ok=True)
        raise MissingError(f"{path.name} from the hub is not what it should be", "run it again; it is fetched anew")
    return digest
