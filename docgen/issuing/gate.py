"""The release gate: a finished page is read again before anybody gets it (certificates.md, section 5).

It catches the classic slip of mail merge: one person's code on another person's paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen.errors import DocgenError
from docgen.render import inspection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docgen.certificates.claims import Claims
    from docgen.certificates.issue import Issue
    from docgen.render.inspection import Inspection

_NAMES: Final = {
    "number": "证书编号",
    "code": "查询码",
    "award": "荣誉名称",
    "grade": "等级",
    "holder": "对象",
    "person": "姓名",
    "pages": "页数",
    "qr": "二维码",
}


class GateError(DocgenError):
    """A finished page does not say what was recorded; it was not released."""

    code = "gate-refused"


def check(pdf: bytes, claims: Claims, issue: Issue, *, stamped: bool = False) -> None:
    """Compare a finished page with its record; raises GateError with what is wrong. Values are never told.

    What a stamped page has besides its words and its picture was searched for codes when its template was proved.
    """
    _compare(inspection.inspect(pdf, pictures_only=stamped), claims, issue)


def check_pages(path: Path, first: int, tasks: Sequence[tuple[Claims, Issue]]) -> None:
    """Compare pages of a file of stamped certificates, from the one numbered ``first``, as ``check`` does."""
    seen = inspection.pages(path, first, len(tasks))
    for one, (claims, issue) in zip(seen, tasks, strict=True):
        _compare(one, claims, issue)


def _compare(seen: Inspection, claims: Claims, issue: Issue) -> None:
    wrong = [name for name, words in _said(claims, issue) if "".join(words.split()) not in seen.text]
    if seen.pages != 1:
        wrong.append("pages")
    if seen.codes != (issue["url"],):
        wrong.append("qr")
    if wrong:
        names = "、".join(_NAMES[name] for name in dict.fromkeys(wrong))
        raise GateError(
            f"制成的证书与登记的内容不一致：{names}；这份证书没有发布",
            "请检查证书模板是否印了这些内容（docgen template check），改好模板后重新颁发",
        )


def _said(claims: Claims, issue: Issue) -> Iterator[tuple[str, str]]:
    """Walk what the page must say."""
    yield "number", claims.number
    yield "code", issue["code"]
    yield "award", claims.award
    yield "grade", claims.grade
    for _, value in claims.shown():
        yield "holder", value
    for _, names in claims.people():
        for name in names:
            yield "person", name
