"""A folder on a WebDAV server (Nextcloud, ownCloud, a web host): files appear there whole, under names of their own.

Each file goes to a name ending in .part and is moved when all its bytes are there. Source: RFC 4918.
"""

from __future__ import annotations

import base64
from typing import ClassVar
from urllib.parse import quote

from clipper.publish.base import Account, Field, Job, Kind, Missing, Pack, Posted, Request, Unknown
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Refused
from clipper.publish.files import whole
from clipper.publish.guard import checked_address
from clipper.publish.places import (
    ADDRESS,
    Place,
    PlaceFile,
    remote_files,
    remote_folder,
    size_words,
    still_to_send,
    was_sent,
)
from clipper.publish.web import Web

KIND = Kind(
    name="webdav",
    label="WebDAV",
    platforms=(),
    fields=(
        Field("url", "Address of the folder", help="as your host tells it, such as https://cloud.example/dav/clips"),
        Field("user", "User"),
        Field("password", "Password", secret=True, help="an app password, where your host has them"),
        ADDRESS,
    ),
    address=True,
)


class WebDav(Place):
    """One folder on one server."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self._credentials, self._web = credentials, web
        self._base = checked_address(credentials["url"], allow_http=web.allow_http)

    def account(self) -> Account:
        """Asks for the folder's properties."""
        answer = self._call("PROPFIND", "", headers={"Depth": "0"}, again=True, ok=(200, 207, 404))
        if answer.status == 404:
            raise Refused(
                f"{self._base} is not there", "make the folder there, or correct the address: clipper login webdav"
            )
        user = self._credentials["user"]
        return Account(f"{user}@{self._base}", f"{user} at {self._base}", self._seen_by("who has the folder"))

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        folder = remote_folder(pack)
        made = [Request("MKCOL", self._url(part), "a folder") for part in _folders(folder)]
        for file in remote_files(pack):
            at = self._url(f"{folder}/{file.name}")
            made.append(Request("PUT", at + ".part", f"{file.what}, {size_words(file.bytes)}", bytes=file.bytes))
            made.append(Request("MOVE", at + ".part", "takes its name", {"to": at}))
        return tuple(made)

    def publish(self, job: Job) -> Posted:
        folder = remote_folder(job.pack)
        for part in _folders(folder):
            # 405: it is there
            self._call("MKCOL", part, again=True, ok=(200, 201, 405))
        files = remote_files(job.pack)
        for file in still_to_send(job, files):
            self._put(job, folder, file)
            was_sent(job, file)
        return self._posted(job.pack)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        folder = remote_folder(job.pack)
        for file in remote_files(job.pack):
            answer = self._call("HEAD", f"{folder}/{file.name}", ok=(200, 404))
            if answer.status == 404 or answer.headers.get("content-length") != str(file.bytes):
                return Missing()
        # all of it stands with its sizes; sent again only if the text was changed since
        return Missing() if still_to_send(job, remote_files(job.pack)) else self._posted(job.pack)

    def delete(self, posted: Posted) -> None:
        self._call("DELETE", posted.remote_id, ok=(200, 204, 404))

    def _put(self, job: Job, folder: str, file: PlaceFile) -> None:
        name = f"{folder}/{file.name}"
        body = whole(file.path, lambda sent: job.progress("publish", sent, file.bytes, file.name))
        self._call("PUT", name + ".part", headers={"Content-Type": file.kind}, content=body)
        to = {"Destination": self._url(name), "Overwrite": "T"}
        answer = self._call("MOVE", name + ".part", headers=to, again=True, ok=(200, 201, 204, 404))
        if answer.status == 404:
            # moved by a request whose answer was lost, unless somebody took it away
            there = self._call("HEAD", name, ok=(200, 404))
            if there.headers.get("content-length") != str(file.bytes):
                raise self._web.later(f"{file.name} did not arrive", None)

    def _url(self, path: str) -> str:
        return f"{self._base}/{quote(path)}" if path else self._base

    def _call(self, method: str, path: str, headers: dict[str, str] | None = None, **more):  # type: ignore[no-untyped-def]
        raw = f"{self._credentials['user']}:{self._credentials.secret('password')}".encode()
        token = {"Authorization": "Basic " + base64.b64encode(raw).decode("ascii")}
        return self._web.call(method, self._url(path), headers={**token, **(headers or {})}, **more)


def make(credentials: Credentials, web: Web) -> WebDav:
    return WebDav(credentials, web)


def _folders(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
