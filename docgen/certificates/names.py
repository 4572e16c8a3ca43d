"""Personal names before the public: masked on the page, compared when somebody types the full name."""

from __future__ import annotations

import hmac
import unicodedata
from typing import Final

_DOTS: Final = frozenset("·•・‧･∙⋅")
"""What people type for the dot in 阿不都·热合曼."""
_SURNAMES: Final = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文"
    "司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘"
    "左丘东门西门南荣第五"
)
COMPOUND: Final = frozenset(_SURNAMES[start : start + 2] for start in range(0, len(_SURNAMES), 2))
"""Surnames of two characters."""


def masked(name: str) -> str:
    """Return a name that tells no stranger who it is: 张*三, 李*, 欧阳**, 阿**·热**."""
    name = "".join("·" if char in _DOTS else char for char in name if not char.isspace())
    parts = name.split("·")
    if len(parts) > 1:
        return "·".join(part[:1] + "*" * (len(part) - 1) for part in parts)
    short = 2
    kept = 2 if name[:2] in COMPOUND and len(name) > short else 1
    hidden = len(name) - kept
    if kept == 1 and hidden >= short:
        return name[0] + "*" * (hidden - 1) + name[-1]
    return name[:kept] + "*" * hidden if hidden else "*"


def same(given: str, name: str) -> bool:
    """Compare a typed name with a recorded one: NFKC, spaces and dots aside, nothing else is forgiven."""
    return hmac.compare_digest(_plain(given), _plain(name))


def _plain(name: str) -> bytes:
    text = unicodedata.normalize("NFKC", "".join(char for char in name if char not in _DOTS))
    plain = "".join(char for char in text if char not in _DOTS and not char.isspace())
    return plain.encode(errors="surrogatepass")  # whatever was typed is compared
