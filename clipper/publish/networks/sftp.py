"""A folder on an SFTP server: files go to names ending in .part, are taken up where they broke off, then renamed.

The server's key must be known beforehand (known_hosts, or the fingerprint that login was told). Source: RFC 4251;
draft-ietf-secsh-filexfer-02 with OpenSSH's posix-rename.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from clipper.errors import InputError
from clipper.publish.base import Account, Field, Job, Kind, Missing, Pack, Posted, Request, Unknown
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, PublishError, Refused, Unauthorised
from clipper.publish.places import (
    ADDRESS,
    Place,
    PlaceFile,
    below,
    remote_files,
    remote_folder,
    size_words,
    still_to_send,
    was_sent,
)
from clipper.publish.web import Web

if TYPE_CHECKING:
    from paramiko import PKey, SFTPClient

KIND = Kind(
    name="sftp",
    label="SFTP",
    platforms=(),
    fields=(
        Field("host", "Server", help="such as files.example.org, or files.example.org:2222"),
        Field("user", "User"),
        Field("password", "Password, or empty where a key of this machine is used", secret=True, default=""),
        Field("folder", "Folder there", default=""),
        Field("fingerprint", "Its key's fingerprint (SHA256:...), or empty where known_hosts has it", default=""),
        ADDRESS,
    ),
    imports=("paramiko",),
    address=True,
)

PIECE = 1 << 17  # bytes written at a time
BLOCK = 32 * PIECE  # bytes after which the server's answers are waited for
SECONDS = 30.0  # for a connection, and for an answer


class Sftp(Place):
    """One folder on one server. Each piece of work has a connection of its own."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self._credentials, self._web = credentials, web
        host, _, port = credentials["host"].partition(":")
        if port and not port.isdecimal():
            raise InputError(f"{credentials['host']} is no server", "write it as host or host:port")
        self._host, self._port = host, int(port or 22)
        self._folder = below(credentials["folder"])

    def account(self) -> Account:
        with self._open() as line:
            try:
                kind = line.stat(self._folder or ".").st_mode or 0
            except FileNotFoundError as error:
                raise Refused(f"{self._where()} is not there", "make the folder there: clipper login sftp") from error
            if not stat.S_ISDIR(kind):
                raise Refused(f"{self._where()} is no folder", "name a folder: clipper login sftp")
        name = f"{self._credentials['user']}@{self._host}:{self._port}/{self._folder}"
        return Account(name, name, self._seen_by("who has the folder"))

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        made = []
        for file in remote_files(pack):
            at = f"sftp://{self._host}:{self._port}/{self._path(pack, file.name)}"
            made.append(Request("WRITE", at + ".part", f"{file.what}, {size_words(file.bytes)}", bytes=file.bytes))
            made.append(Request("RENAME", at + ".part", "takes its name", {"to": at}))
        return tuple(made)

    def publish(self, job: Job) -> Posted:
        with self._open() as line:
            at = self._folder
            for part in remote_folder(job.pack).split("/"):
                at = below(at, part)
                with suppress(OSError):  # it is there; if it is not, the first file says so
                    line.mkdir(at)
            for file in still_to_send(job, remote_files(job.pack)):
                self._send(job, line, file)
                was_sent(job, file)
        return self._posted(job.pack)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        files = remote_files(job.pack)
        if still_to_send(job, files):
            return Missing()
        with self._open() as line:
            for file in files:
                if _size(line, self._path(job.pack, file.name)) != file.bytes:
                    return Missing()
        return self._posted(job.pack)

    def delete(self, posted: Posted) -> None:
        folder = below(self._folder, posted.remote_id)
        with self._open() as line:
            try:
                names = line.listdir(folder)
            except FileNotFoundError:
                return
            for name in names:
                line.remove(posixpath.join(folder, posixpath.basename(name)))
            line.rmdir(folder)

    def _send(self, job: Job, line: SFTPClient, file: PlaceFile) -> None:
        """The rest of a file, a block at a time; a broken-off one is taken up after the last block that the server has.

        The size that stands there tells nothing: of the writes under way at the end, a later one may have arrived.
        """
        name = self._path(job.pack, file.name)
        part, step = name + ".part", f"part {file.name}"
        kept = job.steps.get(step)
        at = kept["at"] if kept and kept["sha256"] == file.sha256 and (_size(line, part) or 0) >= kept["at"] else 0
        with file.path.open("rb") as f:
            f.seek(at)
            while True:
                with line.open(part, "r+b" if at else "wb") as there:
                    there.set_pipelined(True)
                    there.seek(at)
                    for _ in range(BLOCK // PIECE):
                        piece = f.read(PIECE)
                        there.write(piece)
                        at += len(piece)
                # closed: every write was answered
                job.progress("publish", at, file.bytes, file.name)
                if at >= file.bytes:
                    break
                job.steps.put(step, {"sha256": file.sha256, "at": at})
        if _size(line, part) != file.bytes:
            job.steps.drop(step)
            raise Later(f"{file.name} did not arrive whole at {self._host}")
        line.posix_rename(part, name)
        job.steps.drop(step)

    def _path(self, pack: Pack, name: str) -> str:
        return below(self._folder, remote_folder(pack), name)

    def _where(self) -> str:
        return f"the folder {self._folder or '.'} on {self._host}"

    @contextmanager
    def _open(self) -> Iterator[SFTPClient]:
        """A connection whose other end is who it was before.

        Raises:
            Later, Unauthorised, PublishError: not reached, turned away, or another server than the known one.
        """
        import paramiko

        said = self._credentials.secret("password")
        client = paramiko.SSHClient()
        try:
            self._trust(client)
            client.connect(
                self._host, self._port, self._credentials["user"], said or None,
                timeout=SECONDS, banner_timeout=SECONDS,
                auth_timeout=SECONDS, look_for_keys=not said, allow_agent=not said,
            )  # fmt: skip
            line = client.open_sftp()
            channel = line.get_channel()
            if channel is not None:
                channel.settimeout(SECONDS)
            yield line
        except paramiko.AuthenticationException as error:
            raise Unauthorised(f"{self._host} does not accept the login", "sftp") from error
        except paramiko.BadHostKeyException as error:
            raise PublishError(
                f"{self._host} has another key than the known one", "see whether it is the right server"
            ) from error
        except PermissionError as error:
            raise Refused(f"{self._where()} may not be written", "give the user the right to write there") from error
        except (paramiko.SSHException, EOFError, TimeoutError, ConnectionError) as error:
            raise Later(f"the line to {self._host} was cut ({type(error).__name__})") from error
        except OSError as error:
            raise Later(f"{self._host} cannot be reached: {error.strerror or error}", "check the network") from error
        finally:
            client.close()

    def _trust(self, client: object) -> None:
        """Only a server whose key is known is told a password."""
        import paramiko

        assert isinstance(client, paramiko.SSHClient)
        wanted, host = self._credentials.get("fingerprint"), self._host

        class Known(paramiko.MissingHostKeyPolicy):
            def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: PKey) -> None:
                found = fingerprint(key.asbytes())
                if not wanted:
                    raise PublishError(
                        f"the key of {host} is not known; it is {found}",
                        "compare it with what the server's people say, then give it to clipper login sftp",
                    )
                if wanted.rstrip("=") != found:
                    raise PublishError(
                        f"{host} has the key {found}, not the known one", "see whether it is the right server"
                    )

        if not wanted:
            client.load_system_host_keys()
            known = Path.home() / ".ssh" / "known_hosts"
            if known.is_file():
                client.load_host_keys(str(known))
        client.set_missing_host_key_policy(Known())


def make(credentials: Credentials, web: Web) -> Sftp:
    return Sftp(credentials, web)


def fingerprint(key: bytes) -> str:
    """As ssh-keygen -l writes it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode("ascii").rstrip("=")


def _size(line: SFTPClient, path: str) -> int | None:
    try:
        return line.stat(path).st_size
    except FileNotFoundError:
        return None
