"""Google's own client for YouTube, on our way to the network. In: a bearer; out: its service, its errors.

Source: the discovery document that google-api-python-client ships; developers.google.com/youtube/v3/docs/errors.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from clipper.publish import answers
from clipper.publish.bearer import Bearer
from clipper.publish.errors import Later, PublishError, Refused, Unauthorised
from clipper.publish.patience import asked_to_wait
from clipper.publish.through import Http
from clipper.publish.web import Answer, Web

TOMORROW = 6 * 3600.0  # seconds; longer than any run waits


class GoogleWeb(Web):
    """`Web` that understands Google's errors: what is used up for today comes as 403, an upload that is over as 404."""

    @classmethod
    def like(cls, web: Web) -> GoogleWeb:
        """The same network with the same limits."""
        return cls(web.network, web.label, allow_http=web.allow_http, patience=web.patience, largest=web.largest)

    def fault(self, answer: Answer, *, safe: bool = True) -> PublishError:
        reasons = {answers.text(row, "reason") for row in answers.rows(answer.table(), "error", "errors")} - {""}
        if reasons & {"quotaExceeded", "dailyLimitExceeded", "uploadLimitExceeded"}:
            return Later(f"YouTube: {answer.words}", "the day's quota is used up: run it again tomorrow", TOMORROW)
        if reasons & {"rateLimitExceeded", "userRateLimitExceeded"}:
            return self.later(answer.words, asked_to_wait(answer.headers))
        if reasons & {"insufficientPermissions", "youtubeSignupRequired", "authorizationRequired"}:
            return Unauthorised(f"YouTube: the login lacks a right: {answer.words}", self.network)
        if answer.status in (404, 410) and "upload_id=" in answer.url:
            return Refused(
                f"YouTube: the session of the upload is over ({answer.status})", "run it again: it begins anew"
            )
        fault = super().fault(answer, safe=safe)
        if isinstance(fault, Refused) and reasons:
            return Refused(f"{fault.message} ({', '.join(sorted(reasons))})", fault.mend)
        return fault


def service(bearer: Bearer, api: str) -> Any:
    """YouTube's service, built from the document that the client ships; asks nobody anything.

    Args:
        api: where requests go, with a slash at its end.
    """
    from googleapiclient import discovery_cache
    from googleapiclient.discovery import build_from_document

    document = json.loads(discovery_cache.get_static_doc("youtube", "v3"))
    # naming another endpoint by option leaves the uploads' scheme as it was
    document["rootUrl"] = document["baseUrl"] = api
    document.pop("mtlsRootUrl", None)
    return build_from_document(document, http=Http(bearer, lambda method, path: True))


def googles(address: str, api: str) -> bool:
    """Whether an address is the interface's own, or another of Google's: only there a token may go."""
    host, port = urlsplit(address).hostname or "", urlsplit(address).port
    mine = urlsplit(api)
    return (host, port) == (mine.hostname, mine.port) or host.endswith(".googleapis.com")
