"""Documents in S3 or what speaks its language, each under the digest of its own bytes."""

from __future__ import annotations

import base64
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from docgen.store.files import FileStoreError, MissingFileError, is_digest, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_CONFIG: Final = Config(
    max_pool_connections=32,  # as many documents as a worker's threads keep at once; others would each connect anew
    connect_timeout=5,
    read_timeout=20,
    retries={"max_attempts": 4, "mode": "standard"},
    s3={"addressing_style": "path"},
)
_GONE: Final = frozenset({"404", "NoSuchKey", "NotFound"})


class ObjectStore:
    """A bucket; writing the same bytes twice does no harm."""

    def __init__(self, bucket: str, prefix: str, endpoint: str = "") -> None:
        """Use a bucket; credentials and region come from the environment as every AWS client takes them."""
        self._bucket, self._prefix = bucket, prefix
        session = boto3.session.Session()  # the default one keeps the first credentials that it ever saw
        self._client: Any = session.client("s3", endpoint_url=endpoint or None, config=_CONFIG)

    def keep(self, data: bytes) -> str:
        """Keep a file and return its SHA-256; the server compares what arrived. Raises FileStoreError."""
        digest = hashlib.sha256(data)
        with _told("存不进"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._key(digest.hexdigest()),
                Body=data,
                ContentMD5=base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
            )
        return digest.hexdigest()

    def get(self, digest: str) -> bytes:
        """Return a file, compared with its digest; raises MissingFileError where it is gone or damaged."""
        with _told("读不出"):
            data: bytes = self._client.get_object(Bucket=self._bucket, Key=self._key(digest))["Body"].read()
        if hashlib.sha256(data).hexdigest() != digest:
            raise MissingFileError("保存的文档已损坏", "请从对象存储的旧版本或备份恢复")
        return data

    def drop(self, digest: str) -> None:
        """Forget a file."""
        with _told("删不了"):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(digest))

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Walk the files that were kept before a moment."""
        with _told("查不了"):
            for page in self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            ):
                for entry in page.get("Contents", ()):
                    digest = entry["Key"].removeprefix(self._prefix).replace("/", "")
                    if entry["LastModified"] < moment and is_digest(digest):
                        yield digest

    def _key(self, digest: str) -> str:
        return f"{self._prefix}{place_of(digest)}"


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say in Chinese what the object store refused."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE:
            raise MissingFileError("保存的文档不在了", "请从对象存储的旧版本或备份恢复") from None
        raise FileStoreError(f"对象存储{what}文档：{code}", "请检查存储桶、访问密钥和权限，再重试") from None
    except BotoCoreError as error:
        detail = f"对象存储{what}文档：{type(error).__name__}"
        raise FileStoreError(detail, "请检查 DOCGEN_S3_ENDPOINT 和网络，再重试") from None
