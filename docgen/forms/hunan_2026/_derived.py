"""What follows from 附件一 and 附件二, and how an enterprise hands its material in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Clause, Delivery, Derivation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Given


def _row(category: str, name: str, submission: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of one team or circle; a team's own form has neither topic nor members."""
    told = {field: submission.get(field) for field in ("org_name", "topic_name", "topic_type", "leader", "members")}
    contact = f"{submission['contact_name']} {submission['mobile']}"
    row = {"category": category, "name": submission[name], "contact": contact, **told}
    return {field: value for field, value in row.items() if value is not None}


def _summary(given: Given) -> dict[str, Any]:
    """List the teams, then the circles, as the form's title has them."""
    teams = [_row("信得过班组", "team_name", team) for team in given.of("team-achievement")]
    circles = [_row("QC小组", "group_name", circle) for circle in given.of("group-achievement")]
    return {"org_name": given.unit, "items": teams + circles}


DERIVATIONS: Final = (Derivation("achievement-summary", ("group-achievement", "team-achievement"), _summary),)

DELIVERY: Final = Delivery(
    unit=("achievement-summary.org_name", "statistics.org_name", "work-summary.org_name", "org_name"),
    clauses=(
        Clause("电子版发至邮箱 hnjxzlgl@163.com", "H05"),
        Clause("只报送可编辑的电子版，不报送纸质版", "H06"),
    ),
)
