"""Why a service of S3's kind said no: a wrong key, a right that the key lacks, or a clock that is wrong.

In: the code of its answer and what was asked; out: an error with the mend that fits.
Source: the S3 API, "Error responses".
"""

from __future__ import annotations

from clipper.publish.errors import PublishError, Unauthorised

LOGIN = {
    "InvalidAccessKeyId": "it does not know the access key id",
    "SignatureDoesNotMatch": "the secret does not belong to the access key id",
    "InvalidToken": "the session's token is not valid",
    "ExpiredToken": "the session's token has run out",
    "TokenRefreshRequired": "the session's token has run out",
    "InvalidClientTokenId": "it does not know the access key id",
}
CLOCK = ("RequestTimeTooSkewed", "RequestExpired")
# what was asked -> the right that it needs
RIGHTS = {
    "ListObjectsV2": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "ListParts": "s3:ListMultipartUploadParts",
    "DeleteObject": "s3:DeleteObject",
}


def denied(code: str, words: str, operation: str, bucket: str, label: str = "S3") -> PublishError:
    """The error for an answer of 403.

    Args:
        code: the service's own ("AccessDenied"); a HEAD that is turned away has none but the status.
        words: the whole of what it said.
        operation: what was asked, as boto3 names it.
    """
    if code in LOGIN:
        return Unauthorised(f"{label} does not accept the login: {LOGIN[code]} ({words})", "s3")
    if code in CLOCK:
        return PublishError(
            f"{label} says that this machine's clock is wrong ({words})", "set the clock, then run it again"
        )
    right = RIGHTS.get(operation, "")
    if not right:
        return Unauthorised(f"{label} does not accept the login: {words}", "s3")
    error = Unauthorised(f"{label} knows the key, but it may not do this in {bucket}: {words}", "s3")
    error.mend = f"give the key the right {right} in the bucket {bucket}, or take another: clipper login s3"
    return error
