"""How a network can turn a post down, as errors that say what to do next.

`Refused` is final, `Later` may be tried again, `Unauthorised` wants a login, `Unsure` means: look before you send.
"""

from __future__ import annotations

from clipper.errors import ClipperError, Exit
from clipper.publish.secrets import hide


class PublishError(ClipperError):
    """Base of everything that goes wrong with a network; secrets are taken out of its words."""

    exit_code = Exit.MISSING

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(hide(message), hide(mend))


class Refused(PublishError):  # noqa: N818 (it is what the network does)
    """The network does not take this content and never will; the message bears its own words."""

    exit_code = Exit.INPUT


class Later(PublishError):  # noqa: N818 (as above)
    """Nothing was posted by this request, and the same one may be sent again.

    Args:
        after: seconds that the network asks to wait; None where it does not say.
    """

    def __init__(self, message: str, mend: str = "", after: float | None = None) -> None:
        super().__init__(message, mend or "run it again later; it goes on from there")
        self.after = after


class Unauthorised(PublishError):  # noqa: N818 (as above)
    """The password, token or session is not (or no longer) accepted, or lacks a right."""

    def __init__(self, message: str, network: str) -> None:
        super().__init__(message, f"clipper login {network}")


class Unsure(PublishError):  # noqa: N818 (as above)
    """The line was cut, or the server failed, after a request that may have posted; nobody knows yet."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message, mend or "run it again: clipper looks whether the post stands before it sends")
