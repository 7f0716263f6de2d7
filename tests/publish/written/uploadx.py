"""YouTube's server with its uploads in other hands: sessions and chunks go to @uploadx/core, all else stays ours.

Three things are put right on the way there, since YouTube does them otherwise: a new session is answered with 200, its
address is absolute, and the video's name is what uploadx looks for ("name").
"""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.publish.written.base import Answer, Ask, route, span
from tests.publish.written.youtube import YouTube


class UploadxYouTube(YouTube):
    """`at` is uploadx's address, `folder` where it keeps the files."""

    at = ""
    folder = Path()

    @route("POST", "/upload/youtube/v3/videos")
    def begin(self, ask: Ask) -> Answer:
        answer = super().begin(ask)  # checks what YouTube checks of the video's description
        key = f"session{len(self.sessions)}"
        session = self.sessions[key]
        body = json.dumps({"name": f"{id(session)}-{key}", "lastModified": len(self.sessions)}).encode()
        headers = {k: v for k, v in ask.headers.items() if k.startswith("x-upload") or k == "content-type"}
        status, there, _ = self._ask("POST", ask.path, headers, body)
        assert status == 201, status
        session["there"] = there["location"]
        return answer

    @route("PUT", "/upload/youtube/v3/videos", partial=True)
    def chunk(self, ask: Ask) -> Answer:
        session = self.sessions[ask.query["upload_id"]]
        if session["gone"]:
            return super().chunk(ask)
        headers = {k: v for k, v in ask.headers.items() if k in ("content-range", "content-length", "content-type")}
        status, there, body = self._ask("PUT", session["there"], headers, ask.body, whole=ask.whole)
        if not ask.whole:
            self._settled(session, span(headers["content-range"])[0] + len(ask.body))
            return Answer(500)  # nobody hears it
        if status == 200 and session["video"] is None:
            session["got"] = bytearray((self.folder / json.loads(body)["name"]).read_bytes())
            session["video"] = self._publish(session)
        if status == 200:
            return Answer(200, self._resource(session["video"]))
        return Answer(status, body, {k.title(): v for k, v in there.items() if k == "range"})

    def _settled(self, session: dict[str, Any], end: int) -> None:
        """Waits until uploadx has written what arrived of a cut request, which it does when it comes to it."""
        until = time.monotonic() + 5
        probe = {"content-range": f"bytes */{session['size']}", "content-length": "0"}
        while time.monotonic() < until:
            _, there, _ = self._ask("PUT", session["there"], probe, b"")
            if there.get("range", "") == f"bytes=0-{end - 1}":
                return
            time.sleep(0.02)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes, *, whole: bool = True
    ) -> tuple[int, dict[str, str], bytes]:
        """What uploadx says; a request that was cut on its way here is cut on its way there too."""
        connection = http.client.HTTPConnection(urlsplit(self.at).netloc, timeout=20)
        try:
            connection.putrequest(method, path)
            for name, value in {**headers, "content-length": headers.get("content-length", str(len(body)))}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            if not whole:
                return 0, {}, b""
            answer: Any = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()
