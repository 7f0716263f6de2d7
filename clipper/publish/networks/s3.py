"""A bucket of S3's kind (AWS, MinIO, R2, Garage): files with their types, the manifest last; large ones in parts.

An upload in parts that was broken off is taken up by its id. Source: the S3 API (CreateMultipartUpload, ListParts).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from clipper.publish.base import Account, Field, Job, Kind, Missing, Pack, Posted, Request, Unknown
from clipper.publish.credentials import Credentials
from clipper.publish.denied import denied
from clipper.publish.errors import Later, PublishError, Refused, Unauthorised
from clipper.publish.guard import checked_address
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

KIND = Kind(
    name="s3",
    label="S3",
    platforms=(),
    fields=(
        Field("bucket", "Bucket"),
        Field("key", "Access key id"),
        Field("secret", "Secret access key", secret=True),
        Field("folder", "Folder in it", default=""),
        Field("endpoint", "Address of the service; empty for AWS", default=""),
        Field("region", "Region", default="us-east-1"),
        ADDRESS,
    ),
    imports=("boto3",),
    address=True,
)

PART = 8 << 20  # bytes of a part; S3 wants at least 5 MiB of all but the last
T = TypeVar("T")


class S3(Place):
    """One folder of one bucket."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self._credentials, self._web = credentials, web
        self._bucket, self._folder = credentials["bucket"], below(credentials["folder"])
        endpoint = credentials.get("endpoint")
        self._endpoint = checked_address(endpoint, allow_http=web.allow_http) if endpoint else ""
        self._client: Any = None

    def account(self) -> Account:
        self._do(lambda s3: s3.list_objects_v2(Bucket=self._bucket, Prefix=self._folder, MaxKeys=1))
        host = urlsplit(self._endpoint).netloc or "s3.amazonaws.com"
        name = f"{self._bucket}/{self._folder}".rstrip("/")
        return Account(f"{host}/{name}", f"{name} at {host}", self._seen_by("who may read the bucket"))

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        made = []
        base = self._endpoint or f"https://s3.{self._credentials['region']}.amazonaws.com"
        for file in remote_files(pack):
            at = f"{base}/{self._bucket}/{self._key(pack, file.name)}"
            what = f"{file.what}, {size_words(file.bytes)}"
            if file.bytes <= PART:
                made.append(Request("PUT", at, what, {"type": file.kind}, bytes=file.bytes))
            else:
                parts = -(-file.bytes // PART)
                made.append(Request("POST", at, "begins an upload in parts", {"type": file.kind}))
                made.append(Request("PUT", at, what, bytes=file.bytes, parts=parts))
                made.append(Request("POST", at, "ends it"))
        return tuple(made)

    def publish(self, job: Job) -> Posted:
        for file in still_to_send(job, remote_files(job.pack)):
            if file.bytes <= PART:
                self._put(job, file)
            else:
                self._in_parts(job, file)
            was_sent(job, file)
        return self._posted(job.pack)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        files = remote_files(job.pack)
        if still_to_send(job, files):
            return Missing()
        for file in files:
            if self._size(self._key(job.pack, file.name)) != file.bytes:
                return Missing()
        return self._posted(job.pack)

    def delete(self, posted: Posted) -> None:
        prefix = below(self._folder, posted.remote_id) + "/"
        listed = self._do(lambda s3: s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix))
        for found in listed.get("Contents", []):
            self._delete(found["Key"])

    def _size(self, key: str) -> int | None:
        try:
            return int(self._do(lambda s3: s3.head_object(Bucket=self._bucket, Key=key))["ContentLength"])
        except Gone:
            return None

    def _delete(self, key: str) -> None:
        self._do(lambda s3: s3.delete_object(Bucket=self._bucket, Key=key))

    def _put(self, job: Job, file: PlaceFile) -> None:
        data = file.path.read_bytes()  # at most a part
        digest = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode("ascii")
        at = {"Bucket": self._bucket, "Key": self._key(job.pack, file.name)}
        self._do(lambda s3: s3.put_object(**at, Body=data, ContentType=file.kind, ContentMD5=digest))
        job.progress("publish", file.bytes, file.bytes, file.name)

    def _in_parts(self, job: Job, file: PlaceFile) -> None:
        """Takes up an upload that was begun; the parts that stand are known by their digests."""
        at = {"Bucket": self._bucket, "Key": self._key(job.pack, file.name)}
        step = f"upload {file.name}"
        kept = job.steps.get(step)
        parts: dict[int, str] = {}
        if kept is not None and kept["sha256"] == file.sha256:
            try:
                listed = self._do(lambda s3: s3.list_parts(**at, UploadId=kept["id"]))
                parts = {p["PartNumber"]: p["ETag"] for p in listed.get("Parts", [])}
            except Gone:
                kept = None
        else:
            kept = None
        if kept is None:
            made = self._do(lambda s3: s3.create_multipart_upload(**at, ContentType=file.kind))
            kept, parts = {"id": made["UploadId"], "sha256": file.sha256}, {}
            job.steps.put(step, kept)
        for number in range(1, -(-file.bytes // PART) + 1):
            start = (number - 1) * PART
            end = min(start + PART, file.bytes)
            if number not in parts:
                with file.path.open("rb") as f:
                    f.seek(start)
                    data = f.read(end - start)
                parts[number] = self._part(at, kept["id"], number, data)
            job.progress("publish", end, file.bytes, file.name)
        whole: Any = {"Parts": [{"PartNumber": n, "ETag": parts[n]} for n in sorted(parts)]}
        try:
            self._do(lambda s3: s3.complete_multipart_upload(**at, UploadId=kept["id"], MultipartUpload=whole))
        except Gone:
            # done by a request whose answer was lost, or thrown away: the object tells
            if self._size(at["Key"]) != file.bytes:
                job.steps.drop(step)
                raise
        job.steps.drop(step)

    def _part(self, at: dict[str, str], upload: str, number: int, data: bytes) -> str:
        """Sends one part; the digest that the service gives it."""
        sent = self._do(lambda s3: s3.upload_part(**at, UploadId=upload, PartNumber=number, Body=data))
        return str(sent["ETag"])

    def _key(self, pack: Pack, name: str) -> str:
        return below(self._folder, remote_folder(pack), name)

    def _do(self, ask: Callable[[Any], T]) -> T:
        """Asks by boto3, again where that is of use; every request here may be sent twice."""
        from botocore.exceptions import BotoCoreError, ClientError

        fault: PublishError
        for turn in self._web.patience.turns():
            try:
                return ask(self._open())
            except ClientError as error:
                fault = self._fault(error)
            except Later as error:
                fault = error
            except BotoCoreError as error:
                fault = Refused(f"S3 cannot be asked: {error}", "clipper login s3")
            if not isinstance(fault, Later) or turn.last or not turn.wait(fault.after):
                raise fault
        raise AssertionError("a last turn raises or returns")

    def _fault(self, error: Any) -> PublishError:
        from clipper.publish.patience import asked_to_wait

        said, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        status, code = meta.get("HTTPStatusCode", 0), str(said.get("Code", ""))
        words = f"{code}: {said.get('Message', '')}".strip(": ")
        if status in (429, 503) or status >= 500:
            after = asked_to_wait(meta.get("HTTPHeaders", {}))
            return self._web.later(words, after)
        if status == 401:
            return Unauthorised(f"S3 does not accept the login: {words}", "s3")
        if status == 403:
            return denied(code, words, str(getattr(error, "operation_name", "")), self._bucket)
        if status == 404 and code != "NoSuchBucket":
            return Gone(f"S3: {words}")
        return Refused(f"S3 refuses: {words}", "correct what it names: clipper login s3")

    def _open(self) -> Any:
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.session.Session().client(
                "s3",
                endpoint_url=self._endpoint or None,
                region_name=self._credentials["region"],
                aws_access_key_id=self._credentials["key"],
                aws_secret_access_key=self._credentials.secret("secret"),
                config=Config(
                    retries={"total_max_attempts": 1},  # ours: they know the budget
                    s3={"addressing_style": "path" if self._endpoint else "auto"},
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
            self._client.meta.events.register("before-send.s3", self._through)
        return self._client

    def _through(self, request: Any, **event: Any) -> Any:
        """boto3's way to the network, by ours: bounded answers, no redirects, no plain http to elsewhere."""
        import io

        import httpx
        from botocore.awsrequest import AWSResponse

        class Raw(io.BytesIO):
            def stream(self, amount: int = 1 << 16, **more: Any) -> Iterator[bytes]:
                while piece := self.read(amount):
                    yield piece

        headers = {k: v.decode() if isinstance(v, bytes) else str(v) for k, v in request.headers.items()}
        try:
            answer = self._web.client.request(
                request.method, request.url, headers=headers, content=_bytes(request.body)
            )
        except httpx.TransportError as error:
            raise Later(f"the line to S3 was cut ({type(error).__name__})") from error
        if answer.is_redirect:
            # botocore would ask the bucket's region of whoever answers, and that again, without an end
            raise Refused(
                f"S3 sends the request on ({answer.status_code})", "correct region or endpoint: clipper login s3"
            )
        headers_too: Any = answer.headers
        return AWSResponse(str(answer.url), answer.status_code, headers_too, Raw(answer.content))


class Gone(Refused):
    """404: it is not there."""


def make(credentials: Credentials, web: Web) -> S3:
    return S3(credentials, web)


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")
