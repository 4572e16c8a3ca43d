"""附件 2：2025年全省全面质量管理成果竞赛报名表 (晋信息业工发〔2025〕38号); the body calls it 小组推荐表."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from docgen.fields import (
    Address,
    Distinct,
    FromRule,
    GroupName,
    IsoDate,
    Line,
    OrgName,
    Part,
    PersonName,
    Phone,
    Postcode,
    Slots,
    Submission,
    TopicName,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Erratum, Form, Kind, Level, Provenance, Remark
from docgen.forms.shanxi_2025._parts import TopicType, YesNo
from docgen.forms.shanxi_2025._rules import both_formats, in_time, is_word, rule, sealed_by
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FEWEST_PRESENTERS: Final = 2
MOST_PRESENTERS: Final = 5
SHEET: Final = "小组推荐表"
_OTHERS: Final = ("小组成果报告", "小组活动记录等证实性材料")


class Compliance(Part):
    """Facts that the notice asks for and the form has no cell for."""

    no_secret: Annotated[YesNo | None, Field(title="成果真实且不含涉密信息")] = None
    first_time: Annotated[YesNo | None, Field(title="该成果为首次申报")] = None


class EntryAttachment(Part):
    """A file sent beside the form."""

    kind: Annotated[Literal["小组推荐表", "小组成果报告", "小组活动记录等证实性材料"], Field(title="材料种类")]
    filename: Annotated[str, Line(120), Field(title="文件名")]


class Entry(Submission):
    """What a circle fills in; whoever only watches has no topic."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    group_name: Annotated[GroupName, Field(title="QC 小组名称")]
    topic_name: Annotated[TopicName | None, Field(title="课题名称")] = None
    topic_type: Annotated[TopicType | None, Field(title="课题类型")] = None
    address: Annotated[Address, Field(title="详细通信地址")]
    postcode: Annotated[Postcode, Field(title="邮编")]
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="联系电话")]
    adviser: Annotated[PersonName | None, Field(title="辅导者")] = None
    members: Annotated[
        list[PersonName], Slots(10), FromRule("S24"), Field(title="小组成员", min_length=1, max_length=10)
    ]
    introduction: Annotated[str | None, Words(), Field(title="QC 小组简介和主要活动过程与效果")] = None
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    participation: Annotated[Literal["参赛", "观摩"], Unprinted(), Field(title="参加方式")] = "参赛"
    presenters: Annotated[
        list[PersonName] | None, Distinct(), Unprinted(), Field(title="现场发表人", max_length=10)
    ] = None
    compliance: Annotated[Compliance | None, Unprinted(), Field(title="报名要求核对信息")] = None
    attachments: Annotated[list[EntryAttachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None

    @property
    def competes(self) -> bool:
        """Tell whether the circle presents a result, or only watches."""
        return self.participation == "参赛"


@rule("S03")
def result_unless_watching(entry: Entry, _: Circumstances) -> Iterator[Remark]:
    """Want topic and introduction of whoever competes."""
    if entry.competes:
        for name, value, label in (
            ("topic_name", entry.topic_name, "课题名称"),
            ("introduction", entry.introduction, "小组简介和主要活动过程与效果"),
        ):
            if value is None:
                detail = f"参赛须填写{label}；没有发表项目、只到现场观摩的，请把参加方式填为「观摩」"
                yield Remark(Level.ERROR, detail, f"/{name}")


@rule("S04")
def no_secret(entry: Entry, _: Circumstances) -> Iterator[Remark]:
    """Take the unit's word: nobody sees it in the data."""
    said = entry.compliance.no_secret if entry.compliance else None
    if said is None:
        yield Remark(Level.REMINDER, "请确认成果真实、不含涉密信息", "/compliance/no_secret")
    elif said == "否":
        yield Remark(Level.ERROR, "成果未确认真实或含涉密信息，不能报名；请处理后再填「是」", "/compliance/no_secret")


@rule("S05")
def two_to_five_present(entry: Entry, _: Circumstances) -> Iterator[Remark]:
    """Count the presenters; that they are members of the circle is our reading, so only a warning."""
    if not entry.competes:
        return
    if entry.presenters is None:
        yield Remark(Level.WARNING, "未填现场发表人，无法核对；请补填", "/presenters")
        return
    if not FEWEST_PRESENTERS <= (given := len(entry.presenters)) <= MOST_PRESENTERS:
        detail = f"现场发表人应为 {FEWEST_PRESENTERS} 至 {MOST_PRESENTERS} 人，现为 {given} 人"
        yield Remark(Level.ERROR, detail, "/presenters")
    for index, name in enumerate(entry.presenters):
        if name not in entry.members:
            yield Remark(Level.WARNING, "该发表人不在小组成员之列，请核对", f"/presenters/{index}")


@rule("S07")
def sheet_report_and_records(entry: Entry, _: Circumstances) -> Iterator[Remark]:
    """Want the sheet as PDF and Word, the report and the records of activity as Word."""
    if not entry.competes:
        return
    if entry.attachments is None:
        detail = f"未列附件清单，无法核对；请列出{SHEET}、{'和'.join(_OTHERS)}"
        yield Remark(Level.WARNING, detail, "/attachments")
        return
    yield from both_formats(entry.attachments, SHEET)
    for kind in _OTHERS:
        given = [(place, item) for place, item in enumerate(entry.attachments) if item.kind == kind]
        for place, item in given:
            if not is_word(item.filename):
                detail = f"{kind}须为 Word 格式（.doc 或 .docx）"
                yield Remark(Level.ERROR, detail, f"/attachments/{place}/filename")
        if not given:
            yield Remark(Level.ERROR, f"附件清单中没有{kind}的 Word 文件，请补齐", "/attachments")


@rule("S10")
def not_entered_before(entry: Entry, _: Circumstances) -> Iterator[Remark]:
    """Take the unit's word: lists of earlier years are the organiser's."""
    said = entry.compliance.first_time if entry.compliance else None
    if not entry.competes:
        return
    if said is None:
        yield Remark(Level.REMINDER, "请确认该成果以往年度没有申报过", "/compliance/first_time")
    elif said == "否":
        yield Remark(Level.ERROR, "该成果以往已申报过，不能再次参评；请更换成果", "/compliance/first_time")


@rule("S11")
def one_type(entry: Entry, _: Circumstances) -> Iterator[Remark]:
    """Want the type of whoever competes; that it is one of the two is the field's own limit."""
    if entry.competes and entry.topic_type is None:
        yield Remark(Level.ERROR, "参赛须选定课题类型，「问题解决型」或「创新型」只选一种", "/topic_type")


@rule("S23")
def stages(_: Entry, __: Circumstances) -> Iterator[Remark]:
    """Tell what comes after the registration."""
    yield Remark(
        Level.REMINDER,
        "报名后的安排：2025年10月10日至15日资料初审，10月17日前公布进入现场发表的小组名单，10月28日至29日现场发表",
    )


FORM = Form(
    module=__name__,
    title="2025年全省全面质量管理成果竞赛报名表",
    annex="附件 2：",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=Entry,
    provenance=Provenance.EXACT,
    rules=(
        in_time,
        sealed_by("S02", "单位"),
        result_unless_watching,
        no_secret,
        two_to_five_present,
        sheet_report_and_records,
        not_entered_before,
        one_type,
        stages,
    ),
    errata=(
        Erratum("（公章为主）", "（公章为准）"),
        Erratum("2024 年 4 月 26 日", "2025 年 9 月 30 日"),
    ),
)
