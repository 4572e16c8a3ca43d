"""The sentences of the notice, word for word, and the checks that several of its annexes share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Circumstances, Level, Remark, Rule
from docgen.forms.ruling import declaring, is_recent, late

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from typing import Protocol

    from docgen.fields import Submission
    from docgen.forms.shanxi_2025._parts import Attachment, Award

    class Sent(Protocol):
        """A file sent beside a form."""

        @property
        def kind(self) -> str:
            """What it is."""

        @property
        def filename(self) -> str:
            """Its name, which tells the format."""


SENTENCES: Final = MappingProxyType(
    {
        "S01": (
            "9月 30日前报名；参赛者 9月 30日前登陆山西省通信行业协会网站（http://www.sxcia.org.cn/）"
            "下载报名表发送至指定邮箱报名"
        ),
        "S02": "参赛团队报名时需提交加盖单位公章的报名表",
        "S03": "没有发表项目的企业或个人亦可报名，进行现场观摩、学习和交流",
        "S04": "严格把关，确保成果真实，不得出现涉密信息",
        "S05": "每个参赛团队由 2至 5人发表",
        "S06": "同一企业最多申报 20个 QC小组成果",
        "S07": (
            "小组推荐表提交 PDF 电子版（加盖公章）和电子文本（Word版本）各一份；小组成果报告电子文本（Word版本）一份；"
            "小组活动记录等证实性材料（Word版本）（占评审分比例）"
        ),
        "S08": "注册登记表（须注明：问题解决型、创新型）、推荐汇总表",
        "S09": (
            "拟推荐优秀 QC 小组的成果报告单；拟推荐质量管理小组活动优秀企业报告单；"
            "拟推荐质量管理小组活动优秀推进者报告单"
        ),
        "S10": "已申报过的成果不再重复申报参评",
        "S11": "问题解决型；创新型",
        "S12": "近三年内有全省优秀质量管理小组，并在省以上报刊杂志或会议上发表过论文、成果或有关经验",
        "S13": "各会员单位限推荐1个，然后优中选优",
        "S14": "从事质量管理小组工作五年以上，在本岗位，对推动质量管理小组活动有突出的贡献",
        "S15": "各会员单位限推荐1名，优中选优",
        "S16": "开展活动事迹简介（1000 字内）",
        "S17": "本人主要事迹（限 800 字以内）",
        "S18": "三年来获奖情况（写明所属单位，小组名称，获奖课题名称，获奖时间）",
        "S19": "此表需提交 PDF 电子版（加盖公章）和电子文本（Word 版本）各一份",
        "S20": "此表要求推荐单位盖章；此表要求申报单位、推荐单位盖章",
        "S21": (
            "评选出QC小组竞赛一等奖（1名）、二等奖（2名）、三等奖（3名）；质量管理小组活动优秀推进者一等奖（1名）、"
            "二等奖（2名）、三等奖（3名）；质量管理小组活动优秀企业（6个）"
        ),
        "S22": (
            "依据《质量管理小组活动准则》（T/CAQ 10201—2020）团体标准附录B质量管理小组活动评审表和"
            "《山西信息通信行业质量管理小组活动管理办法》（晋通行字〔2023〕36号），进行现场打分、评比"
        ),
        "S23": (
            "10月 10日至 10月 15日前，资料初审；10月 17日前，公布进入现场发表 QC小组名单；10月 28日至 10月 29日现场发表"
        ),
        "S24": "小组成员 1、 2、 3、 4、 5、 6、 7、 8、 9、 10、",
    }
)

DEADLINE: Final = "registration"
"""The deadline that S01 checks."""

MOST_GROUPS: Final = 20
"""Results that S06 allows one enterprise."""

FEWEST_YEARS: Final = 5
"""Years of work with circles that S14 wants."""


rule: Final = declaring(SENTENCES)


@rule("S01")
def in_time(_: Submission, circumstances: Circumstances) -> Iterator[Remark]:
    """Refuse a date after the deadline, which counts as inclusive."""
    yield from late("报名截止日期", circumstances.deadlines[DEADLINE], circumstances.as_of)


def sealed_by(rule_id: str, who: str) -> Rule:
    """Remind of the seal: it is put on paper. ``who`` names the bodies."""

    @rule(rule_id)
    def seal(_: Submission, __: Circumstances) -> Iterator[Remark]:
        yield Remark(Level.REMINDER, f"打印后请加盖{who}公章，再扫描成 PDF")

    return seal


def within_places(places: Mapping[str, int], unit: str) -> Rule:
    """Remind of the places that the notice awards, by grade: one certificate does not know of the others."""
    said = "、".join(f"{grade} {count} {unit}".lstrip() for grade, count in places.items())

    @rule("S21")
    def remind(_: Submission, __: Circumstances) -> Iterator[Remark]:
        yield Remark(Level.REMINDER, f"名额为{said}，制证前请核对没有超出")

    return remind


GRADES: Final = MappingProxyType({"一等奖": 1, "二等奖": 2, "三等奖": 3})
ENTERPRISES: Final = MappingProxyType({"": 6})
"""Places that S21 gives: by grade, or in all."""
GRADED_PLACES: Final = within_places(GRADES, "名")


@rule("S18")
def recent_awards(submission: Any, circumstances: Circumstances) -> Iterator[Remark]:  # noqa: ANN401  any form with awards
    """Point at awards (``submission.awards``) outside the last three years; their four parts are fields."""
    awards: Sequence[Award] = submission.awards
    for index, award in enumerate(awards):
        if not is_recent(award.awarded_on, circumstances.as_of):
            yield Remark(
                Level.WARNING, "获奖时间不在核对日期前三年内，不计入三年来的获奖情况", f"/awards/{index}/awarded_on"
            )


def without_recent_award(awards: Sequence[Award], as_of: date) -> Iterator[Remark]:
    """Refuse an enterprise none of whose awards lies in the last three years (the first half of S12)."""
    if not any(is_recent(award.awarded_on, as_of) for award in awards):
        yield Remark(Level.ERROR, "核对日期前三年内没有全省优秀质量管理小组的获奖记录，至少需要一项", "/awards")


def too_few_years(years: int | None, pointer: str, *, leads: bool) -> Iterator[Remark]:
    """Compare years of work with circles with S14; a leader nominated under （一） is only warned.

    ``pointer`` is where ``years`` stands.
    """
    if years is None:
        yield Remark(Level.WARNING, "未填从事质量管理小组工作的年限，无法核对；请补填", pointer)
    elif years < FEWEST_YEARS:
        if leads:
            detail = f"从事质量管理小组工作不满 {FEWEST_YEARS} 年；按第（一）项推荐主要领导人的，请确认符合该项条件"
            yield Remark(Level.WARNING, detail, pointer)
        else:
            yield Remark(Level.ERROR, f"从事质量管理小组工作须满 {FEWEST_YEARS} 年，现为 {years} 年", pointer)


def is_word(filename: str) -> bool:
    """Tell a Word file by its name."""
    return filename.lower().endswith((".doc", ".docx"))


def is_pdf(filename: str) -> bool:
    """Tell a PDF by its name."""
    return filename.lower().endswith(".pdf")


def both_formats(attachments: Sequence[Sent], kind: str) -> Iterator[Remark]:
    """Want a sheet in both formats: the sealed PDF and the Word text."""
    names = [item.filename for item in attachments if item.kind == kind]
    for present, wanted in (
        (any(map(is_pdf, names)), "PDF 电子版（加盖公章）"),
        (any(map(is_word, names)), "电子文本（Word 版本）"),
    ):
        if not present:
            yield Remark(Level.ERROR, f"附件清单中没有{kind}的{wanted}，请补齐", "/attachments")


@rule("S19")
def sheet_in_both_formats(submission: Any, _: Circumstances) -> Iterator[Remark]:  # noqa: ANN401  附件 3 or 附件 4
    """Want the sheet of 附件 3 or 附件 4 as PDF and Word."""
    attachments: Sequence[Attachment] | None = submission.attachments
    if attachments is None:
        yield Remark(Level.WARNING, "未列附件清单，无法核对；请列出报名表的 PDF 版和 Word 版", "/attachments")
    else:
        yield from both_formats(attachments, "报名表")
