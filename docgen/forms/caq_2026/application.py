"""附件 2 全国优秀质量管理小组申报表 (中国质协字〔2026〕23号)."""

from __future__ import annotations

from collections import Counter
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
    Slots,
    Submission,
    TopicName,
    Unprinted,
    Words,
)
from docgen.forms.caq_2026._rules import (
    in_time,
    locked_after_submission,
    no_fee,
    reviewed_by_recommender,
    rule,
    sealed_by,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.ruling import is_recent, years_after
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Recognition = Literal["国家级", "地方、行业级"]
AttachmentKind = Literal["课题成果报告", "外部认可证实材料", "能力培训证实材料"]
FEWEST_TOPICS: Final = 2


class Topic(Part):
    """One finished topic of the last three years."""

    topic_name: Annotated[TopicName, Field(title="课题名称")]
    period: Annotated[Period, Field(title="活动时间")]
    recognition: Annotated[list[Recognition], Distinct(), Field(title="获得外部认可")] = Field(default=[])
    award_level: Annotated[Literal["一等", "二等", "三等", "其他"] | None, Unprinted(), Field(title="成果水平")] = None
    completed_on: Annotated[IsoDate | None, Unprinted(), Field(title="课题完成日期")] = None


class Contact(Part):
    """Who gets the certificate by post."""

    department: Annotated[str, Line(60), Field(title="小组联系部门")]
    address: Annotated[Address, Field(title="地址")]
    contact_name: Annotated[PersonName, Field(title="直接联系人")]
    phone: Annotated[Phone, Field(title="电话")]
    email: Annotated[Email, Field(title="邮箱")]


class Attachment(Part):
    """A supporting file sent beside the form."""

    kind: Annotated[AttachmentKind, Field(title="材料种类")]
    filename: Annotated[str, Line(120), Field(title="文件名")]


class Compliance(Part):
    """Facts that the conditions ask for and the form has no cell for."""

    registered_on: Annotated[IsoDate | None, Field(title="小组注册日期")] = None
    seal_name: Annotated[OrgName | None, Field(title="公章上的组织名称")] = None


class Application(Submission):
    """What a circle fills in."""

    recommender: Annotated[OrgName, Field(title="推荐省区市、行业质协")]
    org_name: Annotated[OrgName, Field(title="组织名称（公章为准）")]
    group_name: Annotated[GroupName, Field(title="QC 小组名称")]
    topics: Annotated[
        list[Topic],
        Slots(3),
        FromRule("C17", least="C03"),
        Field(title="近三年课题成果", min_length=FEWEST_TOPICS, max_length=3),
    ]
    members: Annotated[
        list[PersonName], Slots(10), FromRule("C17"), Field(title="小组成员名单", min_length=1, max_length=10)
    ]
    contact: Annotated[Contact, Field(title="小组联系人")]
    activity_summary: Annotated[str, Words(3000), FromRule("C10"), Field(title="近三年 QC 小组活动综述")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    compliance: Annotated[Compliance | None, Unprinted(), Field(title="申报条件核对信息")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None


@rule("C01")
def registered_three_years(submission: Application, circumstances: Circumstances) -> Iterator[Remark]:
    """Want three full years since the registration, for which the form has no cell."""
    registered = submission.compliance.registered_on if submission.compliance else None
    if registered is None:
        yield Remark(Level.WARNING, "未填小组注册日期，无法核对；请补填", "/compliance/registered_on")
    elif years_after(registered, 3) > circumstances.as_of:
        yield Remark(Level.ERROR, "至核对日期注册不满三年", "/compliance/registered_on")


def _is_recent(topic: Topic, as_of: date) -> bool:
    """Tell whether a topic was completed in the last three years; its period decides where no day is given."""
    if topic.completed_on:
        return is_recent(topic.completed_on, as_of)
    year, month = (int(number) for number in topic.period.end.split("-"))
    return (year, month) <= (as_of.year, as_of.month) <= (year + 3, month)


@rule("C03")
def two_topics_one_first_class(submission: Application, circumstances: Circumstances) -> Iterator[Remark]:
    """Want two topics of the last three years, one of them of the first class."""
    recent: list[Topic] = []
    for index, topic in enumerate(submission.topics):
        if _is_recent(topic, circumstances.as_of):
            recent.append(topic)
        else:
            place = "completed_on" if topic.completed_on else "period"
            detail = "该课题不在核对日期前三年内完成，不计入近三年的课题"
            yield Remark(Level.WARNING, detail, f"/topics/{index}/{place}")
    if len(recent) < FEWEST_TOPICS:
        detail = f"近三年内完成的课题只有 {len(recent)} 项，至少需要 {FEWEST_TOPICS} 项"
        yield Remark(Level.ERROR, detail, "/topics")
    levels = [topic.award_level for topic in recent]
    if "一等" not in levels:
        if None in levels:
            yield Remark(Level.WARNING, "有课题未填成果水平，无法核对是否达到一等；请补填", "/topics")
        else:
            yield Remark(Level.ERROR, "近三年内完成的课题中没有一项成果达到一等水平", "/topics")


def _attached(submission: Application) -> Counter[str] | None:
    """Count attachments by kind, or None where the unit listed none at all."""
    return None if submission.attachments is None else Counter(item.kind for item in submission.attachments)


def _ability_proof(submission: Application, _: Circumstances) -> Iterator[Remark]:
    attached = _attached(submission)
    if attached is None:
        yield Remark(Level.WARNING, "未列附件清单，无法核对；请列出能力培训证实材料", "/attachments")
    elif not attached["能力培训证实材料"]:
        yield Remark(Level.ERROR, "附件清单中没有能力培训证实材料，至少需要一份", "/attachments")


@rule("C07")
def reports_and_proofs(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Want a Word report for each topic, and a proof for each ticked recognition."""
    attached = _attached(submission)
    if attached is None:
        yield Remark(Level.WARNING, "未列附件清单，无法核对；请列出课题成果报告和外部认可证实材料", "/attachments")
        return
    for index, item in enumerate(submission.attachments or ()):
        if item.kind == "课题成果报告" and not item.filename.lower().endswith((".doc", ".docx")):
            yield Remark(Level.ERROR, "课题成果报告须为 Word 格式（.doc 或 .docx）", f"/attachments/{index}/filename")
    if (given := attached["课题成果报告"]) < (wanted := len(submission.topics)):
        yield Remark(Level.ERROR, f"{wanted} 项课题只列了 {given} 份课题成果报告，每项课题需要一份", "/attachments")
    ticked = sum(len(topic.recognition) for topic in submission.topics)
    if (given := attached["外部认可证实材料"]) < ticked:
        yield Remark(
            Level.ERROR, f"勾选了 {ticked} 项外部认可，只列了 {given} 份证实材料，每项需要一份", "/attachments"
        )


@rule("C13")
def name_on_seal(submission: Application, _: Circumstances) -> Iterator[Remark]:
    """Compare with the seal, which alone can tell whether a parent department stands in front of the name."""
    seal_name = submission.compliance.seal_name if submission.compliance else None
    if seal_name is None:
        yield Remark(Level.REMINDER, "请核对组织名称与公章完全一致，前面不挂上级部门", "/org_name")
    elif seal_name != submission.org_name:
        yield Remark(Level.WARNING, "组织名称与公章上的名称不一致，请以公章为准", "/org_name")


FORM = Form(
    module=__name__,
    title="全国优秀质量管理小组申报表",
    annex="附件 2",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=Application,
    provenance=Provenance.EXACT,
    rules=(
        registered_three_years,
        rule("C02")(_ability_proof),
        two_topics_one_first_class,
        reviewed_by_recommender,
        sealed_by("所在单位"),
        reports_and_proofs,
        rule("C08")(_ability_proof),
        rule("C09")(_ability_proof),
        name_on_seal,
        locked_after_submission,
        in_time,
        no_fee,
    ),
)
