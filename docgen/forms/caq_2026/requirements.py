"""附件 1 全国优秀质量管理小组申报要求 (中国质协字〔2026〕23号): text without fields."""

from __future__ import annotations

from docgen.fields import Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.layout import PageKind


class Requirements(Submission):
    """Nothing is filled in."""


FORM = Form(
    module=__name__,
    title="全国优秀质量管理小组申报要求",
    annex="附件 1",
    kind=Kind.REQUIREMENTS,
    page=PageKind.TEXT,
    model=Requirements,
    provenance=Provenance.EXACT,
)
