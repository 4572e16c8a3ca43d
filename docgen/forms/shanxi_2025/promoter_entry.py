"""附件 4：全省质量管理小组活动优秀推进者报名表 (晋信息业工发〔2025〕38号)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from docgen.fields import (
    Address,
    FromRule,
    IsoDate,
    Line,
    OrgName,
    Part,
    PersonName,
    Phone,
    Postcode,
    Submission,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Form, Kind, Provenance, Remark
from docgen.forms.shanxi_2025._parts import Attachment, Award
from docgen.forms.shanxi_2025._rules import (
    in_time,
    recent_awards,
    rule,
    sealed_by,
    sheet_in_both_formats,
    too_few_years,
)
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator


class Compliance(Part):
    """Facts that the conditions ask for and the form has no cell for."""

    years_in_qc: Annotated[int | None, Field(title="从事质量管理小组工作年限", ge=0, le=80)] = None
    role: Annotated[Literal["主要领导人", "质量管理小组工作者"] | None, Field(title="推荐身份")] = None


class PromoterEntry(Submission):
    """What a promoter fills in."""

    name: Annotated[PersonName, Field(title="姓名")]
    title_position: Annotated[str, Line(60), Field(title="职称/职务")]
    org_name: Annotated[OrgName, Field(title="工作单位")]
    address: Annotated[Address, Field(title="详细通信地址")]
    phone: Annotated[Phone, Field(title="联系电话")]
    postcode: Annotated[Postcode, Field(title="邮编")]
    deeds: Annotated[str, Words(800), FromRule("S17"), Field(title="本人主要事迹")]
    awards: Annotated[list[Award], FromRule("S18"), Field(title="三年来获奖情况", max_length=100)] = Field(default=[])
    sealed_on: Annotated[IsoDate | None, Field(title="申报单位盖章日期")] = None
    recommender: Annotated[OrgName | None, Unprinted(), Field(title="推荐单位")] = None
    compliance: Annotated[Compliance | None, Unprinted(), Field(title="推荐条件核对信息")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None


@rule("S14")
def five_years(entry: PromoterEntry, _: Circumstances) -> Iterator[Remark]:
    """Want five years, for which the form has no cell; a leader may be nominated under （一） instead."""
    facts = entry.compliance or Compliance()
    yield from too_few_years(facts.years_in_qc, "/compliance/years_in_qc", leads=facts.role == "主要领导人")


FORM = Form(
    module=__name__,
    title="全省质量管理小组活动优秀推进者报名表",
    annex="附件 4：",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=PromoterEntry,
    provenance=Provenance.EXACT,
    rules=(
        in_time,
        five_years,
        recent_awards,
        sheet_in_both_formats,
        sealed_by("S20", "申报单位和推荐单位的"),
    ),
)
