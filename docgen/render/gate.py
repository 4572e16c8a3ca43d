"""The gate before any parser: a Word or Excel file from outside becomes member names and bytes, or is refused.

Limits and refusals: service.md, section 5, threat 4. Sizes in a zip lie, so members are read up to the limit and no
further; a document type is refused by expat before one entity of it is expanded.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from lxml import etree

from docgen.errors import UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_UNPACKED: Final = 64 * 1024 * 1024
MOST_MEMBERS: Final = 2_000
MOST_RATIO: Final = 100
"""Unpacked bytes to one byte of the file, over the whole of it."""

_MEBIBYTE: Final = 1024 * 1024
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_MACROS: Final = ("vbaproject", "vbadata", "/activex", "/macrosheets")
_XML_ENDINGS: Final = (".xml", ".rels", ".vml")
_RESAVE: Final = "请在 Word 中打开原件，另存为 .docx（Excel 文件为 .xlsx）后重试"


class RefusedFileError(UnreadableInputError):
    """The file is damaged, dangerous or too large: ``code`` says why, ``member`` where inside the file."""

    def __init__(self, code: str, detail: str, remedy: str, member: str = "") -> None:
        """Keep the machine word and the member beside the sentence."""
        super().__init__(detail, remedy)
        self.code = code
        self.member = member


def read_bounded(path: Path) -> bytes:
    """Return the bytes of a file of at most ``MOST_BYTES``; raises UnreadableInputError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = "文件不存在" if isinstance(error, FileNotFoundError) else "文件打不开"
        raise UnreadableInputError(f"{path.name}：{reason}", "请检查路径和读取权限") from None
    _want_small(data)
    return data


def read_package(data: bytes, main: str) -> dict[str, bytes]:
    """Return the members of an Office file whose main part is ``main`` (``word/document.xml``, ``xl/workbook.xml``).

    Every XML member is well-formed and without a document type, and nothing in it starts a program or is fetched from
    elsewhere when the file is opened. Raises RefusedFileError.
    """
    _want_small(data)
    if data.startswith(_COMPOUND_FILE):
        raise RefusedFileError("not-a-package", "这是旧版格式（.doc、.xls）或加了密码的文件", f"请去掉密码；{_RESAVE}")
    if data.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise RefusedFileError("too-large", f"压缩包里的文件超过 {MOST_MEMBERS:,} 个", _RESAVE)
    members = _unpack(data)
    if main not in members or "[Content_Types].xml" not in members:
        kind = "Excel" if main.startswith("xl/") else "Word"
        raise RefusedFileError("not-a-package", f"不是 {kind} 文件：缺少 {main}", _RESAVE)
    _refuse_macros(members)
    for name, content in members.items():
        if name.lower().endswith(_XML_ENDINGS) or _looks_like_xml(content):
            _want_plain_xml(name, content)
    _refuse_outside_parts(members)
    return members


def _want_small(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise RefusedFileError("too-large", f"文件超过 {MOST_BYTES // _MEBIBYTE} MiB", "请删去图片等多余内容后重试")


def _unpack(data: bytes) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    total = 0
    allowed = min(MOST_UNPACKED, MOST_RATIO * len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                _want_plain_entry(entry, members)
                with archive.open(entry) as file:
                    content = file.read(allowed - total + 1)
                total += len(content)
                if total > allowed:
                    raise RefusedFileError(
                        "too-large",
                        f"解压后超过 {MOST_UNPACKED // _MEBIBYTE} MiB，或超过文件本身的 {MOST_RATIO} 倍",
                        "正常的文件不会如此，请用原件重新制作",
                        entry.filename,
                    )
                members[entry.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise RefusedFileError(
            "damaged", "文件已损坏，不是完整的 .docx 或 .xlsx（zip）文件", f"请换用完好的备份；{_RESAVE}"
        ) from None
    return members


def _want_plain_entry(entry: zipfile.ZipInfo, known: Mapping[str, bytes]) -> None:
    """Refuse what two readers of the same file could read in two ways."""
    name = entry.filename
    if entry.flag_bits & 0x1:
        raise RefusedFileError("damaged", "文件加了密码", "请去掉密码后重试", name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFileError("damaged", "文件用了 Office 不用的压缩方法", _RESAVE, name)
    if name in known or "\\" in name or name.startswith("/") or ".." in name.split("/"):
        raise RefusedFileError("damaged", "压缩包里有重名或路径不正常的文件", _RESAVE, name)


def _refuse_macros(members: Mapping[str, bytes]) -> None:
    for name in members:
        if any(mark in f"/{name.lower()}" for mark in _MACROS):
            raise RefusedFileError(
                "macros", "文件带有宏或 ActiveX 控件", "请另存为不带宏的 .docx 或 .xlsx 后重试", name
            )
    if b"macroenabled" in members["[Content_Types].xml"].lower():
        raise RefusedFileError("macros", "文件是带宏的类型（.docm、.xlsm）", "请另存为不带宏的 .docx 或 .xlsx 后重试")


def _looks_like_xml(content: bytes) -> bool:
    """Whether some parser would take it for XML, whatever its name: UTF-8 or UTF-16, with or without a mark."""
    head = content[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    return head.startswith(b"<")


def _want_plain_xml(name: str, content: bytes) -> None:
    def refuse_doctype(*_: object) -> None:
        raise RefusedFileError("doctype", "文件里有 DOCTYPE 声明，可能引来外部内容", _RESAVE, name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(content, True)  # noqa: FBT003  expat takes its arguments by position only
    except (expat.ExpatError, LookupError, ValueError):
        place = f"第 {parser.ErrorLineNumber} 行第 {parser.ErrorColumnNumber + 1} 列"
        raise RefusedFileError(
            "damaged", f"文件里的 XML 在{place}断开或不合规", f"请换用完好的备份；{_RESAVE}", name
        ) from None


def parse_xml(content: bytes) -> etree._Element:
    """Parse a member that has passed the gate; entities and the network stay off all the same."""
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        raise RefusedFileError("damaged", "文件里的 XML 嵌套太深或不合规", _RESAVE) from None


def outside_links(members: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return each relationship that leaves the file as (member, kind); kinds are ``hyperlink``, ``image`` and so on."""
    return [
        (name, relationship.get("Type", "").rsplit("/", 1)[-1])
        for name, content in members.items()
        if name.lower().endswith(".rels")
        for relationship in parse_xml(content).iter("{*}Relationship")
        if relationship.get("TargetMode", "").lower() == "external"
    ]


def _refuse_outside_parts(members: Mapping[str, bytes]) -> None:
    """Refuse what Word fetches on opening; a hyperlink waits for a click, and Word makes one of each e-mail address."""
    for name, kind in outside_links(members):
        if kind != "hyperlink":
            raise RefusedFileError(
                "outside-link", f"文件引用了外部内容（{kind[:40]}）", "请删除外部链接，图片改为嵌入", name
            )
