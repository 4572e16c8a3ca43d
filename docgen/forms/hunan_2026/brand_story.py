"""附件四：湖南省机械工业质量文化品牌故事推荐表 (湘机质协[2026] 03 号)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from docgen.fields import (
    Distinct,
    Email,
    FromRule,
    IsoDate,
    Line,
    Mobile,
    OrgName,
    Part,
    PersonName,
    Submission,
    Words,
)
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.hunan_2026._rules import FEE, electronic, in_time, no_grades, reminder
from docgen.layout import PageKind

ContentCategory = Literal["品牌战略", "品牌体系", "品牌传播", "风险防范", "方法途径", "品牌文化"]
BrandType = Literal["产品", "企业", "团队", "个人"]


class Speaker(Part):
    """Who will tell the story at the meeting."""

    name: Annotated[PersonName, Field(title="演讲人")]
    gender: Annotated[Literal["男", "女"], Field(title="性别")]
    position: Annotated[str, Line(40), Field(title="部门职务")]
    mobile: Annotated[Mobile, Field(title="手机")]
    email: Annotated[Email | None, Field(title="邮箱")] = None
    wechat: Annotated[str | None, Line(40), Field(title="微信")] = None


class BrandStory(Submission):
    """What an enterprise fills in for one story; ``speaker`` only when it will be told at the meeting."""

    story_name: Annotated[str, Line(50), Field(title="故事名称")]
    org_name: Annotated[OrgName, Field(title="单位名称")]
    address_postcode: Annotated[str, Line(90), Field(title="地址及邮编")]
    contact_name: Annotated[PersonName, Field(title="联系人姓名")]
    mobile: Annotated[Mobile, Field(title="手机")]
    contact_position: Annotated[str, Line(60), Field(title="部门职务")]
    email: Annotated[Email, Field(title="邮箱")]
    content_category: Annotated[list[ContentCategory], Distinct(), Field(title="内容类别", min_length=1)]
    brand_type: Annotated[list[BrandType], Distinct(), Field(title="品牌类型", min_length=1)]
    summary: Annotated[str, Words(200), FromRule("H09"), Field(title="故事主要特色简介")]
    speaker: Annotated[Speaker | None, Field(title="拟参会演讲填写本栏")] = None
    department_opinion: Annotated[str | None, Words(), Field(title="推荐部门意见")] = None
    department_signed_on: Annotated[IsoDate | None, Field(title="推荐部门签字日期")] = None
    sealed_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None


FORM = Form(
    module=__name__,
    title="湖南省机械工业质量文化品牌故事推荐表",
    annex="附件四：",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=BrandStory,
    provenance=Provenance.EXACT,
    rules=(
        reminder("H03", "请核对内容突出质量文化内涵、品牌建设实践及典型案例，且真实、有感染力", "/summary"),
        reminder("H08", f"本故事须交纳 {FEE} 元，申报时汇入表注所列账户"),
        in_time,
        electronic,
        no_grades,
    ),
)
