"""What the shared suite needs of a network's test server: a way in through proxies, and the server's own count."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from clipper.publish import networks
from clipper.publish.base import Pack, Publisher, nowhere
from clipper.publish.credentials import Credentials
from clipper.publish.patience import Patience
from tests.publish.proxy import Proxy

SECRET = "correct-horse-battery-staple"  # in every world's password or token, so that one search finds all leaks


@dataclass(frozen=True)
class Standing:
    """A post as the server itself tells it; None where the network has no such thing."""

    id: str
    text: str | None = None
    alt: str | None = None
    video: bytes | None = None
    captions: bytes | None = None


@dataclass
class World(ABC):
    """A server, its proxies and an account on it. `start` is called once for a class of tests, `reset` before each.

    Attributes:
        network: as in the registry.
        platform: whose packs it gets.
        certain: whether a post can always be found again, so that no fault may end in "unknown".
        proxies: all of them; the first is the one that the client is told.
        thin: every how many requests a fault is tried at; more than 1 for a slow server with many requests alike.
        has_http: False for a place that speaks no HTTP (faults are then injected elsewhere).
        refusal: changes of a pack that the server itself refuses, and a pattern of its own words.
    """

    network: ClassVar[str]
    platform: ClassVar[str]
    certain: ClassVar[bool] = True
    has_http: ClassVar[bool] = True
    thin: ClassVar[int] = 1
    refusal: ClassVar[tuple[dict[str, Any], str] | None] = None
    proxies: list[Proxy] = field(default_factory=list)

    @abstractmethod
    def start(self) -> None:
        """Starts the server and makes the account."""

    def stop(self) -> None:
        """Ends what `start` began; this much of it: the proxies."""
        for proxy in self.proxies:
            proxy.close()

    @abstractmethod
    def reset(self) -> None:
        """No posts, no faults."""

    @abstractmethod
    def values(self) -> dict[str, str]:
        """The credentials' fields; the secret ones hold SECRET."""

    @abstractmethod
    def posts(self) -> list[Standing]:
        """What stands, asked of the server past every proxy."""

    def public(self, pack: Pack) -> str:
        """Gives the pack's video a public address, for networks that fetch it."""
        return nowhere(pack)

    def credentials(self, **changes: str) -> Credentials:
        return Credentials(networks.kind(self.network), {**self.values(), **changes})

    def publisher(self, patience: Patience | None = None, **changes: str) -> Publisher:
        """A fresh client, as after a restart of the program."""
        return networks.publisher(self.credentials(**changes), patience=patience or hurried())

    @property
    def proxy(self) -> Proxy:
        return self.proxies[0]

    def clear(self) -> None:
        for proxy in self.proxies:
            proxy.clear()

    def seen_changes(self) -> int:
        return sum(len(p.changes) for p in self.proxies)


def hurried(budget: float = 3600.0) -> Patience:
    """Waits as long as it is told to, in no time."""
    return Patience(tries=4, budget=budget, sleep=lambda seconds: None)
