"""What was posted and what is planned, and where to. In: the ledger; out: its rows of this episode, the networks."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from clipper.studio.parts import OneBench
from clipper.studio.sending import call_off, rows_of

router = APIRouter(prefix="/api", tags=["send"])
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LedgerRow(_Model):
    """What was posted, or is about to be.

    Attributes:
        platform: whose pack it is.
        state: waiting (nothing was sent), begun (it may have been), posted, refused, unknown (somebody must look),
            removed (taken back).
        due: when it is to be sent; null for at once.
        words: what the network said.
    """

    key: str
    clip: str
    title: str
    network: str
    account: str
    platform: str
    state: str
    url: str
    words: str
    due: datetime.datetime | None


class NetworkAnswer(_Model):
    """Where clips can go; `place` is one for files."""

    name: str
    label: str
    place: bool
    platforms: tuple[str, ...]


@router.get("/ledger")
def ledger(bench: OneBench) -> tuple[LedgerRow, ...]:
    """What was posted of this episode and what is planned, from this machine's ledger."""
    return tuple(
        LedgerRow(
            key=r.key, clip=r.clip, title=r.title, network=r.network, account=r.account_name,
            platform=r.platform, state=r.state,
            url=r.url if r.url.startswith(("https://", "http://")) else "", words=r.words,
            due=r.due if r.state in ("waiting", "begun") else None,
        )
        for r in rows_of(bench.desk.out)
    )  # fmt: skip


@router.delete("/ledger/{key}")
def forget(key: Key, bench: OneBench) -> tuple[LedgerRow, ...]:
    """Calls off a post that is planned."""
    call_off(bench.desk.out, key)
    return ledger(bench)


@router.get("/networks")
def networks() -> tuple[NetworkAnswer, ...]:
    """Where clips can go."""
    from clipper.publish.networks import kinds

    return tuple(NetworkAnswer(name=k.name, label=k.label, place=k.is_place, platforms=k.platforms) for k in kinds())
