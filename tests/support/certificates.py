"""Certificates of all types, filled at random or to the brim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from docgen import service
from docgen.certificates.issue import Issue
from docgen.forms import checking
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Form, Kind
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.render import press

if TYPE_CHECKING:
    from collections.abc import Callable

CERTIFICATES = [form for form in all_forms().values() if form.kind is Kind.CERTIFICATE]
ISSUE = Issue(
    number="CAQ-QC-ABCDEFGHI-2026-000001",
    code="4C08-RZHV-KES5-WWE8",
    url="https://zs.quality-award.example.org.cn/C/4C08RZHVKES5WWE8",
    host="zs.quality-awards.example.org.cn",
    mark="",
    border=True,
)
"""The longest of each: series, host."""
_PIECES = st.sampled_from(
    [
        *(
            "质量",
            "小组",
            "云岭精密轴承制造有限公司",
            "（第三事业部）",
            "《降本》",
            "“提质”",
            "，",
            "·",
            "——",
            "一",
            " ",
        ),
        *("QC", "A", "KUKA-KR210", "ISO9001", "Konstantinopolsky", "2026", "5.8%", "&"),
    ]
)
_NAMES = st.sampled_from(
    ["章启明", "欧阳雪", "艾力·库尔班", "买买提艾力·阿卜杜热合曼", "Alexander Konstantinopolsky", "一"]
)


@st.composite
def _line(draw: Callable[..., Any], limit: int) -> str:
    wanted = draw(st.sampled_from([1, 4, limit // 3, limit]))
    text = "甲"
    while len(text) < wanted:
        text += draw(_PIECES)
    return text[:wanted].strip()


@st.composite
def certificates(draw: Callable[..., Any], form: Form) -> dict[str, Any]:
    """Draw a valid submission: every line short, middling or as long as its field allows, one to four issuers."""
    data = dict(service.sample(form))
    for name, node in form.shape.fields.items():
        if isinstance(node, Leaf) and node.kind is LeafKind.LINE and name not in {"recipient", "body", "closing"}:
            data[name] = draw(_NAMES if name == "name" else _line(node.limit or 40))
        elif isinstance(node, Series) and name != "issuers":
            data[name] = draw(st.lists(_NAMES, max_size=node.maximum))
    data["issuers"] = draw(st.lists(_line(60), min_size=1, max_size=4))
    data["issued_on"] = draw(st.sampled_from(["2026-12-22", "2026-01-01"]))
    return checking.validate(form, data).model_dump(mode="json")


def made(form: Form, fmt: str, change: dict[str, Any] | None = None, **issue: Any) -> bytes:
    """Make a certificate from the form's sample with changes, issued unless ``issue`` says otherwise."""
    raw = {**service.sample(form), **(change or {})}
    submission = checking.validate(form, raw).model_dump(mode="json")
    assert press.unprintable(form, submission, fmt) == ()
    facts: Any = {**ISSUE, **issue}
    return press.make(form, submission, fmt, issue=facts).data
