"""One certificate's claims, the bytes and the signature that they must always give, and hands that check it."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING

from docgen.certificates.claims import Claims

if TYPE_CHECKING:
    from pathlib import Path

CLAIMS = Claims(
    organisation="main",
    issuers=("云岭省质量管理协会", "云岭省总工会"),
    number="CAQ-QC-2026-000001",
    version=1,
    code="4C08RZHVKES5WWE8",
    form="caq-2026/certificate-group",
    award="全国优秀质量管理小组",
    grade="",
    decision="中国质协字〔2026〕50号",
    issued_on="2026-12-20",
    ref="-",
    holder=(("org_name", "组织名称"), ("group_name", "小组名称")),
    persons=(("members", "小组成员"),),
    submission={
        "org_name": "云岭精密轴承制造有限公司",
        "group_name": "攀登者QC小组",
        "members": ["章启明", "艾力·库尔班", "𠮷㛃"],
    },
    salt="00112233445566778899aabbccddeeff",
)
PAYLOAD = (
    '{"award":"全国优秀质量管理小组","code":"4C08RZHVKES5WWE8","decision":"中国质协字〔2026〕50号",'
    '"form":"caq-2026/certificate-group","format":1,"grade":"","holder":[["org_name","组织名称"],["group_name","小组名称"]],'
    '"issued_on":"2026-12-20","issuers":["云岭省质量管理协会","云岭省总工会"],"number":"CAQ-QC-2026-000001",'
    '"organisation":"main","persons":[["members","小组成员"]],"ref":"-","salt":"00112233445566778899aabbccddeeff",'
    '"submission":{"group_name":"攀登者QC小组","members":["章启明","艾力·库尔班","𠮷㛃"],'
    '"org_name":"云岭精密轴承制造有限公司"},"version":1}'
)
"""Typed in by hand once; never to be renewed."""


# RFC 8032, 7.1, test 1; its thumbprint stands in RFC 8037, A.3.
SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
KID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
HEADER = '{"alg":"Ed25519","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}'
SIGNATURE = "m2Cmu-byeaPQz6ZHEAGpIdqNEm--14IUuLEXPZmbThQbgzst6Q6QYULzA05xB4IiE0hgYORXEydMXsNBsYhUCQ"

_NODE = """
const crypto = require("crypto");
const [token, x] = process.argv.slice(1);
const [header, payload, signature] = token.split(".");
const key = crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
const good = crypto.verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
process.stdout.write(JSON.stringify({ good, payload: Buffer.from(payload, "base64url").toString() }));
"""


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def by_node(token: str, public: str) -> dict[str, object]:
    """Return what node makes of a token: whether the signature is good, and the payload."""
    done = subprocess.run(["node", "-e", _NODE, token, public], capture_output=True, check=True)  # noqa: S607  wherever it is
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def by_openssl(folder: Path, token: str, public: str) -> bool:
    """Tell whether OpenSSL finds the signature good. A DER public key of Ed25519 is a fixed head and 32 bytes."""
    signed, _, signature = token.rpartition(".")
    (folder / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + plain(public))
    (folder / "signed").write_bytes(signed.encode())
    (folder / "signature").write_bytes(plain(signature))
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in signed -sigfile signature"
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, check=False)
    return done.returncode == 0 and b"Verified Successfully" in done.stdout
