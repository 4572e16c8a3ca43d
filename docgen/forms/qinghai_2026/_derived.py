"""What follows from the applications, and how a unit hands its material in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Clause, Delivery, Derivation

if TYPE_CHECKING:
    from docgen.forms.form import Given


def _statistics(given: Given) -> dict[str, Any]:
    """Fill in the head: how many circles an enterprise has, no application tells."""
    first = given.of("application")[0]
    return {"org_name": given.unit, "contact": f"{first['contact_name']} {first['phone']}"}


DERIVATIONS: Final = (Derivation("statistics", ("application",), _statistics),)

DELIVERY: Final = Delivery(
    on_paper=("application", "work-summary", "statistics"),
    unit=("org_name",),
    contact=(("application.contact_name", "application.phone"), ("statistics.contact",)),
    folder="{unit}（{contact}）",
    clauses=(
        Clause("纸质版 1 份（加盖公章）报送秘书处：西宁市城西区海湖新区安泰大厦西座 604 室", "Q03"),
        Clause("电子版发至邮箱 qhzhixie@163.com，整理成一个文件夹，以单位名称、联系人和电话命名", "Q05"),
    ),
)
