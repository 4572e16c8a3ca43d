"""附件 2 质量管理小组活动工作总结要求 (青质协联〔2026〕5号): rebuilt on 湖南 附件五, the notice only names it.

Blank it is the requirement sheet, filled it is the 《2025 年企业质量管理小组活动总结》 of the notice's body.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import IsoDate, OrgName, Part, Submission, Words
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.qinghai_2026._rules import before_the_last_term_ends, on_paper_and_by_mail, sealed_by_unit
from docgen.layout import PageKind


class Basic(Part):
    """一、基本情况."""

    overall: Annotated[str, Words(), Field(title="年度质量管理小组活动开展的整体情况")]
    presentation_meeting: Annotated[str, Words(), Field(title="成果发表、交流和获奖情况")]


class Experience(Part):
    """二、推进经验和做法."""

    practices: Annotated[str, Words(), Field(title="特色做法、措施和取得的效果")]
    standards_promotion: Annotated[str, Words(), Field(title="贯彻实施团体标准情况")]
    talent_training: Annotated[str, Words(), Field(title="推进者、评委及骨干人才培养情况")]
    outstanding_deeds: Annotated[str, Words(), Field(title="QC 小组故事、典型事迹和成果推广应用情况")]


class Problems(Part):
    """三、存在问题及改进方向."""

    problems: Annotated[str, Words(), Field(title="存在的问题或遇到的困难")]
    directions: Annotated[str, Words(), Field(title="下一步改进方向和拟采取的措施")]
    suggestions: Annotated[str, Words(), Field(title="对协会工作的意见和建议")]


class Sections(Part):
    """The three parts."""

    basic: Annotated[Basic, Field(title="基本情况")]
    experience: Annotated[Experience, Field(title="推进经验和做法")]
    problems: Annotated[Problems, Field(title="存在问题及改进方向")]


class WorkSummary(Submission):
    """What a unit writes about its year."""

    year: Annotated[int, Field(title="总结年度", ge=2000, le=2099)] = 2025
    sections: Annotated[Sections, Field(title="总结正文")]
    org_name: Annotated[OrgName, Field(title="单位名称")]
    date: Annotated[IsoDate | None, Field(title="日期")] = None


FORM = Form(
    module=__name__,
    title="质量管理小组活动工作总结要求",
    annex="附件 2",
    kind=Kind.WORK_SUMMARY,
    page=PageKind.TEXT,
    model=WorkSummary,
    provenance=Provenance.RECONSTRUCTED,
    rules=(sealed_by_unit, on_paper_and_by_mail, before_the_last_term_ends),
)
