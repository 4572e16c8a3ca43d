"""What follows from the entries, and how a member unit hands its material in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Clause, Delivery, Derivation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Given


def _picked(submission: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: submission[name] for name in names}


def _summary(given: Given) -> dict[str, Any]:
    """List what competes; whom to ask about a promoter 附件 4 does not tell."""
    return {
        "org_name": given.unit,
        "groups": [
            {**_picked(entry, "org_name", "group_name"), "member_count": len(entry["members"])}
            for entry in given.of("entry")
            if entry["participation"] == "参赛"
        ],
        "enterprises": [_picked(entry, "org_name", "phone", "contact_name") for entry in given.of("enterprise-entry")],
        "promoters": [_picked(entry, "name", "org_name", "phone") for entry in given.of("promoter-entry")],
    }


DERIVATIONS: Final = (Derivation("recommendation-summary", ("entry", "enterprise-entry", "promoter-entry"), _summary),)

DELIVERY: Final = Delivery(
    formats=("docx", "pdf"),
    unit=("recommendation-summary.org_name", "org_name"),
    clauses=(
        Clause("电子版发至邮箱 18603456030@163.com", "S01"),
        Clause("附件 2 交 PDF（加盖公章）和 Word 各一份，另附成果报告和活动记录", "S07"),
        Clause("附件 3、附件 4 交 PDF（加盖公章）和 Word 各一份", "S19"),
    ),
)
