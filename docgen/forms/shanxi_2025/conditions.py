"""附件 1： (晋信息业工发〔2025〕38号), text without fields.

2025年全省信息通信系统全面质量管理成果竞赛优秀质量管理小组、质量管理小组活动优秀企业、优秀推进者推荐条件与要求
"""

from __future__ import annotations

from docgen.fields import Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.layout import PageKind


class Conditions(Submission):
    """Nothing is filled in."""


FORM = Form(
    module=__name__,
    title=(
        "2025年全省信息通信系统全面质量管理成果竞赛优秀质量管理小组、质量管理小组活动优秀企业、优秀推进者推荐条件与要求"
    ),
    annex="附件 1：",
    kind=Kind.REQUIREMENTS,
    page=PageKind.TEXT,
    model=Conditions,
    provenance=Provenance.EXACT,
)
