"""附件 3 2025年轻工行业质量信得过班组汇总表 (轻工行业 2025): rebuilt, the notice only names it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from docgen.fields import IsoDate, Line, OrgName, Part, PersonName, Phone, Slots, Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.qinggong_2025._parts import TeamName, head_count
from docgen.forms.qinggong_2025._rules import in_time, true_and_answered_for
from docgen.layout import PageKind


class TeamRow(Part):
    """One team; its certificate is made from this row."""

    org_name: Annotated[OrgName, Field(title="单位名称（以公章为准）")]
    team_name: Annotated[TeamName, Field(title="班组名称")]
    leader: Annotated[PersonName, Field(title="班组长")]
    members: Annotated[list[PersonName], Field(title="班组成员", min_length=1, max_length=100)]
    member_count: Annotated[int | None, Field(title="班组人数", ge=1, le=1000, validate_default=True)] = None
    contact: Annotated[str, Line(60), Field(title="联系人及电话")]

    @field_validator("member_count")
    @classmethod
    def _counted(cls, given: int | None, info: ValidationInfo) -> int | None:
        return head_count(given, info.data)


class TeamSummary(Submission):
    """One row a team."""

    recommender: Annotated[OrgName, Field(title="推荐（申报）单位")]
    items: Annotated[list[TeamRow], Slots(10), Field(title="质量信得过班组", min_length=1, max_length=10_000)]
    filled_by: Annotated[PersonName | None, Field(title="填表人")] = None
    phone: Annotated[Phone | None, Field(title="电话")] = None
    date: Annotated[IsoDate | None, Field(title="填表日期")] = None


FORM = Form(
    module=__name__,
    title="2025年轻工行业质量信得过班组汇总表",
    annex="附件 3",
    kind=Kind.SUMMARY,
    page=PageKind.WIDE,
    model=TeamSummary,
    provenance=Provenance.RECONSTRUCTED,
    rules=(in_time, true_and_answered_for),
    tabular=True,
)
