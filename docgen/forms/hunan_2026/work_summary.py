"""附件五：2025-2026年度湖南省机械工业群众性质量管理活动工作总结 (湘机质协[2026] 03 号).

The annex is a sheet of requirements. Blank, it is printed word for word; filled in, it is the unit's own summary under
the three headings.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import IsoDate, OrgName, Part, Submission, Words
from docgen.forms.form import Erratum, Form, Kind, Provenance
from docgen.forms.hunan_2026._rules import electronic, in_time, reminder
from docgen.layout import PageKind


class Basic(Part):
    """一、基本情况."""

    overall: Annotated[str, Words(), Field(title="年度小组活动开展的整体情况、小组特色、重点创新工作等")]
    presentation_meeting: Annotated[str, Words(), Field(title="成果发表会情况")]


class Experience(Part):
    """二、推进经验和做法."""

    practices: Annotated[str, Words(), Field(title="推进活动过程中采取的特色做法、措施和取得的效果")]
    standards_promotion: Annotated[
        str,
        Words(),
        Field(title="组织宣贯《质量信得过班组建设规范》《质量管理小组活动准则》的相关活动和效果"),
    ]
    outstanding_deeds: Annotated[str, Words(), Field(title="本企业、集团开展小组活动的突出事迹")]


class Problems(Part):
    """三、存在问题及改进方向."""

    problems: Annotated[str, Words(), Field(title="年度活动推进存在的问题或遇到的困难")]
    directions: Annotated[str, Words(), Field(title="未来改进方向和拟采取的措施")]
    suggestions: Annotated[str, Words(), Field(title="需要协会支持或对协会今后各项活动推进的建议")]


class Sections(Part):
    """The eight points that the annex asks for."""

    basic: Annotated[Basic, Field(title="一、基本情况")]
    experience: Annotated[Experience, Field(title="二、推进经验和做法")]
    problems: Annotated[Problems, Field(title="三、存在问题及改进方向")]


class WorkSummary(Submission):
    """What an enterprise writes."""

    sections: Annotated[Sections, Field(title="工作总结")]
    org_name: Annotated[OrgName, Field(title="单位名称")]
    date: Annotated[IsoDate | None, Field(title="日期")] = None


FORM = Form(
    module=__name__,
    title="2025-2026年度湖南省机械工业群众性质量管理活动工作总结",
    annex="附件五：",
    kind=Kind.WORK_SUMMARY,
    page=PageKind.TEXT,
    model=WorkSummary,
    provenance=Provenance.EXACT,
    rules=(
        reminder(
            "H04", "请核对总结包含工作开展、经验成效、存在问题及改进方向，内容全面、数据真实、分析深入", "/sections"
        ),
        reminder("H14", "请用具体数据和事例说明推进经验和做法", "/sections/experience"),
        in_time,
        electronic,
    ),
    errata=(Erratum("《质量信得过班组建设规范》", "《质量信得过班组建设准则》"),),
)
