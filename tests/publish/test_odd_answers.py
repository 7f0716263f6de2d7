"""A network that answers nonsense: an error of two lines at worst, never a traceback, never a second post."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from clipper.errors import ClipperError
from tests.publish import worlds
from tests.publish.packs import make_pack
from tests.publish.suite import impatient, send
from tests.publish.written.base import Answer

NONSENSE: tuple[Any, ...] = (
    None,
    [],
    "done",
    {},
    {"data": None, "error": None, "value": [], "items": [None], "status": 7, "id": {"a": 1}},
    {"data": [], "error": "no", "value": "x", "items": "x", "status": None, "id": None, "video_id": [], "uri": 1},
    {
        "data": {"id": None, "status": [], "publish_id": 1, "upload_url": None, "uploaded_bytes": "x"},
        "status": {"a": []},
    },
)


@pytest.mark.parametrize("kind", worlds.NETWORKS, ids=lambda kind: kind.network)
def test_nonsense_at_any_request_ends_in_one_of_our_own_errors(kind: type[worlds.WrittenWorld], tmp_path: Path) -> None:
    with worlds.standing(kind) as world:
        pack = make_pack(tmp_path / "out", world.platform)
        assert send(world, pack, tmp_path / "plain.sqlite").stands
        number = len(world.server.asked)
        for at in range(number):
            world.reset()
            if hasattr(world.server, "referee"):
                world.server.referee = ""  # it judges requests, which are the same as ever
            said = NONSENSE[at % len(NONSENSE)]
            answer = Answer(200, json.dumps(said).encode(), {"Content-Type": "application/json"})
            fault = world.server.fail("", ".*", after=at, answer=answer)
            with contextlib.suppress(ClipperError):
                send(world, pack, tmp_path / f"{at}.sqlite", patience=impatient())
            assert fault.times == 0, "the nonsense was told"
            assert len(world.posts()) <= 1
