"""What follows from the applications, and how a unit or a recommender hands the material in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Clause, Delivery, Derivation
from docgen.forms.qinggong_2025._parts import RECOMMENDED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Given

_NAMED: Final = {
    "manager-application": ("优秀质量管理者", "name"),
    "group-application": ("优秀质量管理小组", "group_name"),
    "team-application": ("质量信得过班组", "team_name"),
}
"""Applications with their category in the letter and the field that names who applies."""


def _picked(submission: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: submission[name] for name in names if submission.get(name) is not None}


def _with_contact(submission: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**_picked(submission, *names), "contact": f"{submission['contact_name']} {submission['phone']}"}


def _managers(given: Given) -> dict[str, Any]:
    names = ("name", "gender", "birth", "org_name", "position", "title", "years_in_quality", "phone")
    rows = [_picked(manager, *names) for manager in given.of("manager-application")]
    return {"recommender": given.unit, "items": rows}


def _groups(given: Given) -> dict[str, Any]:
    names = ("org_name", "group_name", "topic_name", "topic_type", "members")
    rows = [_with_contact(group, *names) for group in given.of("group-application")]
    return {"recommender": given.unit, "items": rows}


def _teams(given: Given) -> dict[str, Any]:
    names = ("org_name", "team_name", "leader", "member_count", "members")
    rows = [_with_contact(team, *names) for team in given.of("team-application")]
    return {"recommender": given.unit, "items": rows}


def _letter(given: Given) -> dict[str, Any]:
    """List whom the recommender recommends; those who apply directly need no letter."""
    rows: list[dict[str, Any]] = []
    for stem, (category, name) in _NAMED.items():
        found = [applicant for applicant in given.of(stem) if applicant["route"] in RECOMMENDED]
        rows += [{"category": category, "org_name": one["org_name"], "name": one[name]} for one in found]
    return {"issuer": given.unit, "items": rows} if rows else {}


DERIVATIONS: Final = (
    Derivation("manager-statistics", ("manager-application",), _managers),
    Derivation("group-summary", ("group-application",), _groups),
    Derivation("team-summary", ("team-application",), _teams),
    Derivation("recommendation-letter", tuple(_NAMED), _letter),
)

DELIVERY: Final = Delivery(
    on_paper=("manager-application", "manager-statistics"),
    unit=("recommendation-letter.issuer", "recommender", "org_name"),
    clauses=(
        Clause("电子版发至邮箱 lqh369@126.com", "L05"),
        Clause("优秀质量管理者的材料另交纸质版一份：北京市朝阳区西坝河西路国轻大厦626室", "L06"),
    ),
)
