"""Files that people take for Excel tables and that are none: each is told by name, with how to make an xlsx of it."""

from __future__ import annotations

from typing import Final

from docgen.render.gate import RefusedFileError

_ZIP: Final = b"PK"
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_HEAD: Final = 4096
_SAVE: Final = "请在 Excel 或 WPS 中打开它，另存为“Excel 工作簿（*.xlsx）”后重试"


def refuse_other_kinds(data: bytes) -> None:
    """Refuse what is not even a zip, and the zips that other programs make; raises RefusedFileError."""
    if not data.strip(b"\0 \t\r\n"):
        raise RefusedFileError("damaged", "文件是空的", "请换用完好的文件")
    if data.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in data:
            raise RefusedFileError(
                "encrypted", "文件加了打开密码", "请在 Excel 中打开，到“文件—信息—保护工作簿”去掉密码，保存后重试"
            )
        raise RefusedFileError("old-format", "这是旧版 Excel 文件（.xls）或 WPS 表格（.et）", _SAVE)
    head = data[:_HEAD]
    if not data.startswith(_ZIP):
        plain = head.replace(b"\0", b"").lower()
        if b"<html" in plain or b"<table" in plain or b"<?xml" in plain:
            raise RefusedFileError("not-a-package", "这是网页或 XML，只是扩展名写成了 Excel 的", _SAVE)
        raise RefusedFileError("not-a-package", "这不是 .xlsx 文件，像是文本、CSV 或已损坏的文件", _SAVE)
    if b"application/vnd.oasis.opendocument" in head:
        raise RefusedFileError("not-a-package", "这是 OpenDocument 表格（.ods）", _SAVE)
    if b"xl/workbook.bin" in data:
        raise RefusedFileError("not-a-package", "这是二进制的 Excel 文件（.xlsb）", _SAVE)
