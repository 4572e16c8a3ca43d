"""Zip files whose bytes depend on nothing but their content: fixed order, fixed date, no extra fields.

What is the same in every document of a template is compressed once: zlib takes longer than all the rest of a document.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from isal import isal_zlib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold."""

_FAST: Final = 2
"""Of ISA-L's levels: a fifth of zlib's time for a tenth more bytes."""
_DOS_DATE: Final = 1 << 5 | 1
"""EPOCH's date as a zip writes it; its time is 0."""
_VERSION: Final = 20
_UNIX: Final = 3
_UTF8: Final = 1 << 11
_DEFLATED: Final = 8
_MODE: Final = 0o100644 << 16
_COMMON: Final = "HHHHHIIIHH"
"""Version needed, flags, method, time, date, CRC-32, sizes, lengths of name and extra field (APPNOTE 4.3.7)."""
_LOCAL: Final = struct.Struct(f"<4s{_COMMON}")
_CENTRAL: Final = struct.Struct(f"<4sBB{_COMMON}HHHII")
_END: Final = struct.Struct("<4sHHHHIIH")


@dataclass(frozen=True, slots=True)
class Member:
    """One member, compressed: its bytes, and CRC-32 and size of what they hold."""

    name: str
    packed: bytes
    crc: int
    size: int

    def data(self) -> bytes:
        """Return what it holds."""
        return zlib.decompress(self.packed, -zlib.MAX_WBITS)


def member(name: str, data: bytes, *, once: bool = False) -> Member:
    """Compress a member; what is compressed ``once`` may take longer and be smaller."""
    packed = (
        zlib.compress(data, zlib.Z_BEST_COMPRESSION, -zlib.MAX_WBITS)
        if once
        else isal_zlib.compress(data, _FAST, -zlib.MAX_WBITS)
    )
    return Member(name, packed, zlib.crc32(data), len(data))


def members(data: bytes) -> Iterator[Member]:
    """Walk the members of a deflated zip as they lie in it; ``zipfile`` would decompress them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            head = info.header_offset + _LOCAL.size
            *_, name, extra = _LOCAL.unpack(data[info.header_offset : head])
            start = head + name + extra
            yield Member(info.filename, data[start : start + info.compress_size], info.CRC, info.file_size)


def pack(members: Iterable[Member]) -> bytes:
    """Return a zip of members in the given order; together they stay below 4 GiB, and below 65,536 members."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for one in members:
        name = one.name.encode()
        flags = 0 if name.isascii() else _UTF8
        common = (_VERSION, flags, _DEFLATED, 0, _DOS_DATE, one.crc, len(one.packed), one.size, len(name), 0)
        head = _LOCAL.pack(b"PK\x03\x04", *common) + name
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, _UNIX, *common, 0, 0, 0, _MODE, offset) + name)
        parts += (head, one.packed)
        offset += len(head) + len(one.packed)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(directory), len(directory), sum(map(len, directory)), offset, 0)
    return b"".join((*parts, *directory, end))
