"""What follows from the applications of this notice, and how a recommender hands its material in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Clause, Delivery, Derivation

if TYPE_CHECKING:
    from docgen.forms.form import Given


def _rows(given: Given, *names: str) -> dict[str, Any]:
    """Return a table of the recommender with one row for each circle that applied, of fields of the same name."""
    rows = [{name: circle[name] for name in names} for circle in given.of("application")]
    return {"recommender": given.unit, "items": rows}


def _opinion(given: Given) -> dict[str, Any]:
    """List the circles; what the recommender thinks of them no application tells."""
    return _rows(given, "org_name", "group_name")


def _summary(given: Given) -> dict[str, Any]:
    """List the circles with their members."""
    return _rows(given, "org_name", "group_name", "members")


DERIVATIONS: Final = (
    Derivation("recommendation-opinion", ("application",), _opinion),
    Derivation("summary", ("application",), _summary),
)

DELIVERY: Final = Delivery(
    unit=("recommender",),
    clauses=(
        Clause("电子版发至邮箱 qc@caq.org.cn", "C15"),
        Clause("由推荐单位审核、汇总后报送电子版，不报送纸质版", "C04"),
        Clause("推荐过程不收取任何费用", "C16"),
    ),
)
