"""Names inside a package: Chinese, and the same on every system that unpacks it.

Whatever stands in a submission reaches a name only through ``clean``: NFC, no control or bidi character, nothing that
Windows or Linux reads as a path, at most 200 bytes in UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Delivery, Form

MOST_BYTES: Final = 200
"""Bytes of one name; most file systems hold 255, and what unpacks a zip may add a few."""

_WIDE: Final = str.maketrans({char: chr(ord(char) + 0xFEE0) for char in '/\\:*?"<>|'})
"""What a path or Windows gives a meaning to, and the full-width mark that looks the same."""
_DROPPED: Final = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Names of devices, which Windows knows with any ending."""
_SUBJECTS: Final = ("group_name", "team_name", "story_name")
"""Fields that tell several documents of one form apart. No person's name is among them."""


def clean(text: str, limit: int = MOST_BYTES) -> str:
    """Return text as a name, or part of one, of at most ``limit`` bytes; "" where nothing is left of it."""
    plain = unicodedata.normalize("NFC", text).translate(_WIDE)
    plain = "".join(char for char in plain if unicodedata.category(char) not in _DROPPED)
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    plain = plain.encode()[:limit].decode(errors="ignore").rstrip(" .")
    return f"_{plain}" if _RESERVED.match(plain) else plain


def folder_name(delivery: Delivery, unit: str, contact: str, fallback: str) -> str:
    """Return the folder's name as the notice wants it; a long unit name is cut, never the contact."""
    pattern = delivery.folder if contact else "{unit}"
    known = {"contact": clean(contact)}
    room = MOST_BYTES - len(pattern.format(unit="", **known).encode())
    return clean(pattern.format(unit=clean(unit, room) or fallback, **known))


def file_name(form: Form, submission: Mapping[str, Any], number: int, total: int, ending: str) -> str:
    """Return the name of one document: annex, number where there are several, title, whom it is about."""
    label = form.annex_name.replace(" ", "")
    title = clean(form.title)
    stem = f"{label} {title}" if label else title
    if total > 1:
        which = f"-{number:0{max(2, len(str(total)))}d}"
        stem = f"{label}{which} {title}" if label else f"{title}{which}"
        subject = next((clean(str(submission[name])) for name in _SUBJECTS if submission.get(name)), "")
        room = MOST_BYTES - len(f"{stem}（）.{ending}".encode())
        stem += f"（{clean(subject, room)}）" if subject else ""
    return f"{stem}.{ending}"
