"""Requests with an account's token, which is renewed when it runs out. In: credentials; out: answers.

The token goes along as a header, not in an address, where a log would keep it.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from typing import Any

from clipper.publish.base import Field
from clipper.publish.credentials import Credentials
from clipper.publish.errors import PublishError, Unauthorised
from clipper.publish.facts import facts
from clipper.publish.renewing import renewed
from clipper.publish.web import Answer, Web

DAY = 86400.0
LAST_MINUTE = 60.0  # seconds before its end at which a token with a refresh token is renewed
EARLY = 30 * DAY  # a token that renews itself must still hold for that

SIGNED_IN = (
    Field("client", "the app's id", default="", help="from the network's pages for developers"),
    Field("client_secret", "the app's secret", secret=True, default="", help="leave it empty if the app has none"),
    Field("token", "access token", secret=True, given=True),
    Field("refresh", "refresh token", secret=True, default="", given=True),
    Field("until", "when the token runs out", default="", given=True),
)


def addresses(name: str) -> tuple[Field, ...]:
    """Where a network's servers are: nobody is asked, tests name others."""
    known = facts(name)
    upload = (Field("upload", "address for uploads", default=known.upload, given=True),) if known.upload else ()
    return (
        Field("api", "address of the interface", default=known.api, given=True),
        *upload,
        Field("signin", "address of the sign-in", default="", given=True),
    )


class Bearer:
    """One account's way to its network.

    Args:
        credentials: with the fields `SIGNED_IN` among theirs.
        web: of this network.
    """

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.credentials, self.web = credentials, web
        self._renewed = False

    @property
    def token(self) -> str:
        """The token as it is now; a new one where it is about to run out.

        Where that fails, the old one is tried: this machine's clock may be wrong.
        """
        if not self._renewed and self._runs_out():
            self._renewed = True
            with contextlib.suppress(Unauthorised):
                self.renew()
        return self.credentials.secret("token")

    def renew(self) -> bool:
        """Fetches a new token; False where this account has no way to one.

        Raises:
            Unauthorised: the network wants the person to sign in again.
        """
        try:
            values = renewed(self.credentials, self.web)
        except PublishError as error:
            raise Unauthorised(error.message, self.web.network) from error
        if values is None:
            return False
        self.credentials.renew(**values)
        return True

    def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, scheme: str = "Bearer", **given: Any
    ) -> Answer:
        """As `Web.call`, with the token; once more with a new one where the network does not take it any more.

        Args:
            scheme: what stands before the token: "Bearer", or "OAuth" (Meta's server for uploads).
        """
        mine = {**(headers or {}), "Authorization": f"{scheme} {self.token}"}
        try:
            return self.web.call(method, url, headers=mine, **given)
        except Unauthorised:
            if not self.renew():
                raise
        mine["Authorization"] = f"{scheme} {self.credentials.secret('token')}"
        return self.web.call(method, url, headers=mine, **given)

    def _runs_out(self) -> bool:
        until = self.credentials.get("until")
        if not until:
            return False
        try:
            left = datetime.datetime.fromisoformat(until) - datetime.datetime.now(datetime.UTC)
        except (ValueError, TypeError):
            return False
        early = LAST_MINUTE if facts(self.web.network).signin.renews == "refresh" else EARLY
        return left.total_seconds() < early
