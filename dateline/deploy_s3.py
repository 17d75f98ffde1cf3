"""A bucket that speaks S3, as a place to publish to. Needs boto3: pip install "dateline[s3]"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dateline import webtypes
from dateline.errors import OutputError
from dateline.exports_rows import missing
from dateline.model import Problem

AT_ONCE = 1_000
"""Objects that one request may remove."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, and the folder in it that holds the site ("" for all of it)."""

    target: str
    client: Any
    name: str
    prefix: str

    def digests(self) -> dict[str, str]:
        """An object's ETag is its md5, since we never send one in parts."""
        found: dict[str, str] = {}
        with _explained(self.target, self.name):
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix):
                for one in page.get("Contents", ()):
                    found[one["Key"].removeprefix(self.prefix)] = one["ETag"].strip('"')
        return found

    def read(self, path: str) -> bytes:
        with _explained(self.target, self.name):
            content: bytes = self.client.get_object(Bucket=self.name, Key=self.prefix + path)["Body"].read()
        return content

    def put(self, path: str, content: bytes) -> None:
        with _explained(self.target, self.name):
            self.client.put_object(Bucket=self.name, Key=self.prefix + path, Body=content,
                                   ContentType=webtypes.content_type(path), CacheControl=webtypes.cache_control(path))

    def remove(self, paths: Sequence[str]) -> None:
        with _explained(self.target, self.name):
            for start in range(0, len(paths), AT_ONCE):
                keys = [{"Key": self.prefix + path} for path in paths[start : start + AT_ONCE]]
                self.client.delete_objects(Bucket=self.name, Delete={"Objects": keys, "Quiet": True})


def bucket(target: str, endpoint: str | None) -> Bucket:
    """The bucket that "s3://name/prefix" names; whose it is and who may write, boto3 finds out as the aws command does."""
    name, _, prefix = target.removeprefix("s3://").partition("/")
    if not name:
        raise OutputError(Problem(target, None, "names no bucket", "write  s3://bucket  or  s3://bucket/folder"))
    try:
        import boto3.session
        from botocore.config import Config as Settings
    except ImportError as error:
        raise missing("s3", "boto3") from error
    settings = Settings(connect_timeout=10, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})
    with _explained(target, name):
        client = boto3.session.Session().client("s3", endpoint_url=endpoint, config=settings)
    return Bucket(target, client, name, f"{prefix.strip('/')}/" if prefix.strip("/") else "")


_SILENT = ("the server does not answer", "check the network and --endpoint-url, then publish again: it goes on where it stopped")
_ELSE = "mend that and publish again: it goes on where it stopped"
_REMEDIES = {
    "NoSuchBucket": ('there is no bucket "{name}"', "check the name and --endpoint-url, or make the bucket first"),
    "AccessDenied": ('you may not write to "{name}"', "the key needs s3:ListBucket, GetObject, PutObject and DeleteObject on it"),
    "InvalidAccessKeyId": ("the key is not known there", "check AWS_ACCESS_KEY_ID, and that --endpoint-url is the right one"),
    "SignatureDoesNotMatch": ("the secret is not the key's", "check AWS_SECRET_ACCESS_KEY"),
    "NoCredentialsError": ("no key was given", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run  aws configure"),
    "NoRegionError": ("no region was given", "set AWS_DEFAULT_REGION"),
    "EndpointConnectionError": _SILENT,
    "ConnectTimeoutError": _SILENT,
    "ReadTimeoutError": _SILENT,
    "ParamValidationError": ('"{name}" cannot be a bucket\'s name', "3 to 63 lower-case letters, digits, dots and hyphens"),
}


@contextmanager
def _explained(target: str, name: str) -> Iterator[None]:
    """Turn what S3 says into what a person can do."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError, ValueError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        message, hint = _REMEDIES.get(code, (f"the bucket says: {error}", _ELSE))
        raise OutputError(Problem(target, None, message.format(name=name), hint)) from error
