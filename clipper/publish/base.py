"""What a publisher is: one file a network that satisfies `Publisher`, and what passes between it and the runner.

In: a pack; out: `Posted`. A publisher knows its network's requests and nothing of ledgers, questions or tables; it
keeps what it must not lose in `Job.steps`, before it goes on.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from clipper.errors import MissingError
from clipper.export.packed import Packed, PackedFile
from clipper.platforms import Text
from clipper.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's folder and its manifest; all files are there, with the sizes that the manifest tells."""

    folder: Path
    packed: Packed

    def path(self, file: PackedFile) -> Path:
        """Where one of its files lies."""
        return self.folder / file.name

    @property
    def video(self) -> Path:
        return self.folder / self.packed.video.name


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a network wants to know of an account.

    Attributes:
        name: in lower case, also the end of its environment variable: CLIPPER_BLUESKY_PASSWORD.
        label: what `clipper login` asks.
        secret: typed unseen, kept in the keyring, never shown.
        default: what holds where nothing is said; None: it must be said. "" makes it optional.
        help: one line for `clipper login`: where to find it.
        given: the network gives it at the end of a login in the browser; nobody types it.
    """

    name: str
    label: str
    secret: bool = False
    default: str | None = None
    help: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a network before anybody logs in.

    Attributes:
        name: as in `--to`, also the extra that installs it: pip install 'clipper[bluesky]'.
        label: as its people write it.
        platforms: whose packs it takes, by their names in platforms.toml; empty: a place for files, which takes any.
        fields: of an account, in the order in which login asks for them.
        imports: the modules that the extra brings.
        unpublishes: whether a post can be taken back.
        address: whether a file put there has a public https address (see `Publisher.address`).
    """

    name: str
    label: str
    platforms: tuple[str, ...]
    fields: tuple[Field, ...]
    imports: tuple[str, ...] = ()
    unpublishes: bool = True
    address: bool = False

    @property
    def is_place(self) -> bool:
        """A place for files, which takes packs of any platform."""
        return not self.platforms


@dataclass(frozen=True, slots=True)
class Account:
    """Who posts.

    Attributes:
        id: what never changes of the account (a DID, a number, a server's address and user); part of the ledger's key.
        name: as its people know it ("@oddlygoodwork@example.social").
        audience: who sees its posts, in a word or two ("public", "unlisted", "only you").
    """

    id: str
    name: str
    audience: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What the account's server takes, as far as it says; None: it does not say.

    Attributes:
        video_bytes, seconds: of the video.
        captions_bytes: of a file of captions.
        text, title, alt: how long these words may be, and how they are counted.
    """

    video_bytes: int | None = None
    seconds: float | None = None
    captions_bytes: int | None = None
    text: Text | None = None
    title: Text | None = None
    alt: Text | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """The facts of one request that would change something there, before it is sent.

    Attributes:
        method: "POST", "PUT", ...; a network that speaks no HTTP names its own verb.
        url: where; what only the server can say stands in braces: "https://example.social/api/v1/media/{id}".
        what: in a producer's words: "the video, 12.3 MB".
        fields: the texts that go along (text, alt, visibility, language, ...), whole; never a secret.
        bytes: of the file that goes along, 0 if none.
        parts: in how many requests of this kind it is sent.
    """

    method: str
    url: str
    what: str
    fields: Mapping[str, str] = field(default_factory=dict)
    bytes: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Posted:
    """A post that stands: its id as the network names it, and where a person sees it ("" where nobody can say)."""

    remote_id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The network says that this post does not stand there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The network gives no way to tell; `why` in a few words, with what the producer should look for."""

    why: str


class Steps(Protocol):
    """What a publisher must not lose: kept on disk before `put` returns, gone once the post stands.

    Values are what JSON can hold. Names are the publisher's own: "media", "session", "created".
    """

    def get(self, name: str) -> Any:
        """What was kept, None if nothing was."""

    def put(self, name: str, value: Any) -> None:
        """Keeps it; returns when it is on the disk."""

    def drop(self, name: str) -> None:
        """Forgets it."""


def nowhere(pack: Pack) -> str:
    """Where no place with public addresses was named."""
    raise MissingError(
        "this network fetches the video from a public https address, and no place for it is named",
        "name one with --through, such as: --through s3",
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One clip for one account.

    Attributes:
        key: 64 hex digits that name this clip on this network and account: the same in every try, and no other's.
        since: when the first try began, by this machine's clock, which may be wrong; None: this is the first try.
        known: ids of other posts of this account that the ledger has: never this one.
        public: gives the pack's video a public https address and returns that.
        pause: waits some seconds; tests do not.
    """

    key: str
    pack: Pack
    account: Account
    steps: Steps
    progress: Progress = silent
    since: datetime.datetime | None = None
    known: frozenset[str] = frozenset()
    public: Callable[[Pack], str] = nowhere
    pause: Callable[[float], None] = lambda seconds: None


class Publisher(Protocol):
    """One account on one network. Made by the registry with the account's credentials; opens no connection until asked.

    Every method may raise `Later`, `Unauthorised` and `Refused` (clipper/publish/errors.py). A request that may have
    posted and was not answered raises `Unsure`: the runner then asks `find`.
    """

    kind: ClassVar[Kind]

    def account(self) -> Account:
        """Who posts: asks the network, so that a wrong password is known before anything else."""

    def limits(self) -> Limits:
        """What this account's server takes."""

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        """The very requests that `publish` would send to change something, in their order; asks nobody anything."""

    def publish(self, job: Job) -> Posted:
        """Posts. Called again after a crash with what was kept in `job.steps`: takes up what was begun."""

    def find(self, job: Job) -> Posted | Missing | Unknown:
        """Whether the post of an earlier, broken-off try stands; changes nothing."""

    def delete(self, posted: Posted) -> None:
        """Takes a post back; one that is gone already is fine. Raises `Refused` where the network cannot."""
