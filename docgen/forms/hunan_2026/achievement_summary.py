"""附件三：湖南省机械工业优秀质量信得过班组、优秀质量管理小组成果汇总表 (湘机质协[2026] 03 号).

The notice only names this form (in its text as 《成果推荐汇总表》); forms.md, section 4.3, gives the reason for each
column.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from docgen.fields import (
    GroupName,
    IsoDate,
    Line,
    OrgName,
    Part,
    PersonName,
    Phone,
    Slots,
    Submission,
    TopicName,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.hunan_2026._rules import electronic, in_time, reminder, rule
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

TEAM: Final = "信得过班组"
CIRCLE: Final = "QC小组"
Category = Literal["信得过班组", "QC小组"]

_MOBILE: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")


class AchievementRow(Part):
    """One team or circle; its certificate is made from this row."""

    category: Annotated[Category, Field(title="类别")]
    org_name: Annotated[OrgName, Field(title="企业名称（以公章为准）")]
    name: Annotated[GroupName, Field(title="班组/小组名称")]
    topic_name: Annotated[TopicName | None, Field(title="课题名称（QC小组填写）")] = None
    topic_type: Annotated[Literal["问题解决型", "创新型"] | None, Field(title="课题类型")] = None
    leader: Annotated[PersonName, Field(title="班组长/小组组长")]
    members: Annotated[list[PersonName], Field(title="班组/小组成员", min_length=1, max_length=30)]
    contact: Annotated[str, Line(60), Field(title="联系人及手机")]


class AchievementSummary(Submission):
    """What an enterprise fills in, one row a team or circle, teams first."""

    org_name: Annotated[OrgName, Field(title="填报单位")]
    items: Annotated[list[AchievementRow], Slots(10), Field(title="成果名单", min_length=1, max_length=10_000)]
    filled_by: Annotated[PersonName | None, Field(title="填表人")] = None
    phone: Annotated[Phone | None, Field(title="联系电话")] = None
    date: Annotated[IsoDate | None, Field(title="填表日期")] = None


def _topic_missing(row: AchievementRow, place: str) -> Iterator[Remark]:
    """Want a topic of a circle and none of a team."""
    for name, title, value in (("topic_name", "课题名称", row.topic_name), ("topic_type", "课题类型", row.topic_type)):
        if row.category == CIRCLE and value is None:
            yield Remark(Level.ERROR, f"{CIRCLE}须填写{title}，请补填", f"{place}/{name}")
        elif row.category == TEAM and value is not None:
            yield Remark(Level.WARNING, f"{title}由{CIRCLE}填写，{TEAM}请留空；如类别有误请更正", f"{place}/{name}")


@rule("H02")
def nothing_left_out(submission: AchievementSummary, _: Circumstances) -> Iterator[Remark]:
    """Want every datum that a certificate prints, once for each team and circle."""
    seen: set[tuple[str, str, str]] = set()
    for index, row in enumerate(submission.items):
        place = f"/items/{index}"
        yield from _topic_missing(row, place)
        if not _MOBILE.search(row.contact.replace(" ", "").replace("-", "")):
            yield Remark(Level.WARNING, "没有 11 位手机号码，请写明联系人姓名和手机", f"{place}/contact")
        if (row.category, row.org_name, row.name) in seen:
            yield Remark(Level.ERROR, "该班组或小组重复出现，请只保留一行", f"{place}/name")
        seen.add((row.category, row.org_name, row.name))


@rule("H02")
def teams_first(submission: AchievementSummary, _: Circumstances) -> Iterator[Remark]:
    """Remind of the order that the title has: teams, then circles."""
    if any((above.category, below.category) == (CIRCLE, TEAM) for above, below in pairwise(submission.items)):
        yield Remark(Level.REMINDER, f"表名的次序是先班组、后小组，建议把{TEAM}排在{CIRCLE}之前", "/items")


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量信得过班组、优秀质量管理小组成果汇总表",
    annex="附件三：",
    kind=Kind.SUMMARY,
    page=PageKind.WIDE,
    model=AchievementSummary,
    provenance=Provenance.RECONSTRUCTED,
    rules=(
        nothing_left_out,
        teams_first,
        reminder("H02", "企业名称（以公章为准）、班组或小组名称、课题和成员是制证的依据，报送前请逐字核对"),
        in_time,
        electronic,
    ),
    tabular=True,
)
