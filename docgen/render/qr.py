"""QR codes of certificates: host in byte mode, code in alphanumeric, level Q (certificates.md, section 2)."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

import qrcode
from qrcode.image.pil import PilImage
from qrcode.util import QRData

QUIET_ZONE: Final = 4
"""Modules of white around the code, as ISO/IEC 18004 wants."""
_PIXELS: Final = 12
"""Side of a module in the picture: 25 mm print at about 450 dpi."""


@lru_cache(maxsize=256)
def png(url: str) -> bytes:
    """Return the code of a verification address as a PNG with its quiet zone.

    ``url`` is ``<scheme>://<host>/C/<code>``: everything up to the path goes into a byte segment, the upper-case rest
    into an alphanumeric one, which keeps the code small.
    """
    head, mark, code = url.rpartition("C/")
    drawing = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QUIET_ZONE, box_size=_PIXELS)
    drawing.add_data(QRData(head.encode("ascii"), mode=4), optimize=0)
    drawing.add_data(QRData((mark + code).encode("ascii"), mode=2), optimize=0)
    drawing.make(fit=True)
    buffer = io.BytesIO()
    drawing.make_image(image_factory=PilImage).get_image().convert("1").save(buffer, "PNG")
    return buffer.getvalue()
