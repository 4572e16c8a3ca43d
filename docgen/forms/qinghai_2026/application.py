"""附件 1 青海省优秀质量管理小组申报表 (青质协联〔2026〕5号): rebuilt, the notice only names it.

Fields after the siblings of 山西 and 中国质协, with the two terms and three special prizes of this notice.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from docgen.fields import (
    Address,
    Distinct,
    Email,
    FromRule,
    GroupName,
    IsoDate,
    Line,
    OrgName,
    Part,
    Period,
    PersonName,
    Phone,
    Postcode,
    Slots,
    Submission,
    TopicName,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.qinghai_2026._parts import SpecialPrize
from docgen.forms.qinghai_2026._rules import (
    FIRST,
    SECOND,
    on_paper_and_by_mail,
    rule,
    sealed_by_unit,
)
from docgen.forms.ruling import late
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

Term = Literal["第一期", "第二期"]
_DEADLINES: Final = MappingProxyType({"第一期": FIRST, "第二期": SECOND})
_MEETINGS: Final = MappingProxyType({"第一期": "7 月", "第二期": "12 月"})
RECORDS: Final = "小组活动记录"


class Attachment(Part):
    """A supporting file sent beside the form."""

    kind: Annotated[Literal["小组活动记录", "成果报告", "外部认可证实材料", "其他证实性材料"], Field(title="材料种类")]
    filename: Annotated[str, Line(120), Field(title="文件名")]


class Application(Submission):
    """What a circle fills in; an enterprise may apply itself, without a recommender."""

    recommender: Annotated[OrgName | None, Field(title="推荐单位")] = None
    org_name: Annotated[OrgName, Field(title="组织名称（以公章为准）")]
    group_name: Annotated[GroupName, Field(title="QC 小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    topic_type: Annotated[Literal["问题解决型", "创新型"], Field(title="课题类型")]
    term: Annotated[Term, Field(title="申报期次")]
    special_prizes: Annotated[list[SpecialPrize], Distinct(), Field(title="同时申报单项奖")] = Field(default=[])
    registered_on: Annotated[IsoDate | None, Field(title="小组注册时间")] = None
    period: Annotated[Period | None, Field(title="活动时间")] = None
    recognition: Annotated[list[Literal["国家级", "地方、行业级"]], Distinct(), Field(title="获得外部认可")] = Field(
        default=[]
    )
    members: Annotated[list[PersonName], Slots(10), Field(title="小组成员名单", min_length=1, max_length=10)]
    address: Annotated[Address, Field(title="详细通信地址")]
    postcode: Annotated[Postcode | None, Field(title="邮编")] = None
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, FromRule("Q05"), Field(title="电话")]
    email: Annotated[Email | None, Field(title="邮箱")] = None
    introduction: Annotated[str, Words(), Field(title="QC 小组简介和主要活动过程与效果")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位意见")] = None
    recommended_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="证实性材料清单", max_length=100)] = None


@rule("Q01")
def activity_records_enclosed(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Want the records of the circle's activity among the enclosures; the package looks for the other annexes."""
    if submission.attachments is None:
        yield Remark(Level.WARNING, f"未列证实性材料清单，无法核对；请列出{RECORDS}等材料", "/attachments")
    elif all(item.kind != RECORDS for item in submission.attachments):
        yield Remark(Level.ERROR, f"证实性材料清单中没有{RECORDS}，至少需要一份", "/attachments")


@rule("Q04")
def in_time_for_its_term(submission: Application, circumstances: Circumstances) -> Iterator[Remark]:
    """Judge by the deadline of the term that the circle applies for."""
    last = circumstances.deadlines[_DEADLINES[submission.term]]
    yield from late(f"{submission.term}申报材料受理截止日期", last, circumstances.as_of)


@rule("Q05")
def folder_named_after_unit(_: Application, __: Circumstances) -> Iterator[Remark]:
    """Remind of the folder; a package is named so by itself."""
    yield Remark(Level.REMINDER, "发送电子版时请整理成一个文件夹，名称写作「单位名称（联系人 电话）」", "/org_name")


@rule("Q06")
def registered_in_qinghai(_: Application, __: Circumstances) -> Iterator[Remark]:
    """Remind of who may apply: it cannot be seen in the data."""
    yield Remark(Level.REMINDER, "请确认本单位是在青海省境内依法注册的企业，或外地企业在青设立的分支机构", "/org_name")


@rule("Q07")
def recommended_by_merit(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Remind of the choice: there is no limit to count."""
    who = "推荐单位" if submission.recommender else "本单位"
    yield Remark(Level.REMINDER, f"申报数量不限；请确认{who}已择优推荐", "/recommender")


@rule("Q08")
def one_special_prize_is_usual(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Point at several prizes for one topic: each is judged by itself for its own field of industry."""
    if len(submission.special_prizes) > 1:
        detail = "勾选了多项单项奖；各奖分属不同产业、单独评奖，请核实是否都要申报"
        yield Remark(Level.WARNING, detail, "/special_prizes")


@rule("Q09")
def special_prizes_need_no_other_papers(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Say what a prize asks for beside this form: nothing."""
    if submission.special_prizes:
        detail = "单项奖与优秀质量管理小组同表申报、要求相同，不必另交材料"
        yield Remark(Level.REMINDER, detail, "/special_prizes")


@rule("Q10")
def presented_at(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Say when the circles of a term are planned to speak."""
    month = _MEETINGS[submission.term]
    yield Remark(Level.REMINDER, f"{submission.term}的成果计划在 {month}发布交流，请留意具体安排的通知", "/term")


@rule("Q11")
def true_and_complete(_: Application, __: Circumstances) -> Iterator[Remark]:
    """Remind of the audit of the whole course."""
    yield Remark(Level.REMINDER, "请确认材料真实、准确、完整；小组的活动过程和申报材料将被全流程审核")


FORM = Form(
    module=__name__,
    title="青海省优秀质量管理小组申报表",
    annex="附件 1",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=Application,
    provenance=Provenance.RECONSTRUCTED,
    rules=(
        activity_records_enclosed,
        sealed_by_unit,
        on_paper_and_by_mail,
        in_time_for_its_term,
        folder_named_after_unit,
        registered_in_qinghai,
        recommended_by_merit,
        one_special_prize_is_usual,
        special_prizes_need_no_other_papers,
        presented_at,
        true_and_complete,
    ),
)
