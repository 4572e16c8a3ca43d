"""证书索引: the certificates of one batch in the order of its roster, to be printed and put on top of the pile."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from docgen.fields import Part, Submission
from docgen.forms.form import HouseForm, Kind, Provenance
from docgen.layout import PageKind


class Entry(Part):
    """One certificate."""

    place: Annotated[str, Field(title="序号")]
    number: Annotated[str, Field(title="证书编号")]
    holder: Annotated[str, Field(title="颁发对象")]
    code: Annotated[str, Field(title="查询码")]


class Index(Submission):
    """What the index prints."""

    subject: Annotated[str, Field(title="批次")]
    lines: Annotated[list[Entry], Field(title="证书")]


FORM: Final = HouseForm(
    module=__name__,
    title="证书索引",
    annex="",
    kind=Kind.INDEX,
    page=PageKind.FORM,
    model=Index,
    provenance=Provenance.RECONSTRUCTED,
)
