"""An invented form with pictures and both of its templates: text and pictures in one cell that flows over pages."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Annotated

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image, ImageDraw
from pydantic import Field

from docgen import paths
from docgen.fields import Slots, Submission, TopicName, Words
from docgen.forms.form import Form, Kind, Provenance
from docgen.layout import PageKind
from docgen.pictures import Picture

if TYPE_CHECKING:
    from pathlib import Path

    from docx.table import _Cell

HTML = """{% extends "_house/base.html" %}
{% import "_house/blocks.html" as house %}
{% block body %}
<table class="grid"><colgroup><col class="w30"><col></colgroup><tbody>
<tr class="h10"><th>课题名称</th><td>{{ topic_name }}</td></tr>
<tr class="flows"><td class="text" colspan="2"><p class="lead">一、现状调查</p>
{{ house.text(survey) }}{{ house.pictures(pictures) }}</td></tr>
<tr><th>标志</th><td>
{% for one in marks %}<p class="figure">{{ one|picture }}<br>{{ one.caption }}</p>{% endfor %}</td></tr>
</tbody></table>
{% endblock %}
"""


class Report(Submission):
    """A report with pictures."""

    topic_name: Annotated[TopicName, Field(title="课题名称")]
    survey: Annotated[str, Words(3000), Field(title="现状调查")]
    pictures: Annotated[list[Picture], Field(title="图片", max_length=12)]
    marks: Annotated[list[Picture], Slots(1), Field(title="标志", max_length=1, default_factory=list)]


FORM = Form(
    module="docgen.forms.caq_2026.picture_report",
    title="活动成果图片报告",
    annex="",
    kind=Kind.REPORT,
    page=PageKind.FORM,
    model=Report,
    provenance=Provenance.RECONSTRUCTED,
)


def install(folder: Path) -> None:
    """Write both templates into a folder that DOCGEN_TEMPLATES_DIR names."""
    for ending in ("html", "docx"):
        (folder / ending / "caq-2026").mkdir(parents=True)
    (folder / "html" / f"{FORM.id}.html").write_text(HTML, encoding="utf-8")
    (folder / "docx" / f"{FORM.id}.docx").write_bytes(word_template())


def word_template() -> bytes:
    """Return the form's Word template; pictures stand in a style that would cut them off."""
    document = docx.Document(str(paths.TEMPLATES / "docx" / "_house" / "house.docx"))
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.left_margin = section.right_margin = Mm(27)
    document.add_paragraph("{{ form.title }}", style="表题")
    table = document.add_table(3, 2)
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Mm(30), Mm(126)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(30), Mm(126)
    _write(table.cell(0, 0), ["课题名称"])
    _write(table.cell(0, 1), ["{{ topic_name }}"])
    whole = table.cell(1, 0).merge(table.cell(1, 1))
    survey = ["{%p for line in survey|paragraphs %}", "{{ line }}", "{%p endfor %}"]
    loop = ["{{%p for one in {} %}}", "{{{{ one|picture }}}}\n{{{{ one.caption }}}}", "{{%p endfor %}}"]
    _write(whole, ["一、现状调查", *survey, *(line.format("pictures") for line in loop), ""])
    _write(table.cell(2, 0), ["标志"])
    _write(table.cell(2, 1), [*(line.format("marks") for line in loop), ""])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(cell: _Cell, lines: list[str]) -> None:
    borders = OxmlElement("w:tcBorders")
    for edge in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{edge}")
        line.set(qn("w:val"), "single")
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001  python-docx has no borders
    cell.paragraphs[0].text, cell.paragraphs[0].style = lines[0], "表格字左"
    for text in lines[1:]:
        cell.add_paragraph(text, style="表格段落" if "picture" in text or "line" in text else "表格字")


def submission(*files: bytes, marks: tuple[bytes, ...] = ()) -> dict[str, object]:
    """Return a report with these files as its pictures."""
    return {
        "topic_name": "降低叶片打磨返工率",
        "survey": "\n".join("小组对三月的返工记录作了分层，返工集中在叶根圆角。" * 3 for _ in range(6)),
        "pictures": [picture(data, f"图{number} 现场情况") for number, data in enumerate(files, 1)],
        "marks": [picture(data, "小组标志") for data in marks],
    }


def picture(data: bytes, caption: str = "图1 现场情况") -> dict[str, str]:
    """Return one picture as a submission carries it."""
    return {"data": base64.b64encode(data).decode(), "caption": caption}


def photo(size: tuple[int, int] = (1600, 1200), mode: str = "RGB") -> Image.Image:
    """Draw what can be told apart from every side: red top left, green top right, blue bottom left, a white disc."""
    across, down = size
    image = Image.new("RGB", size, (90, 90, 90))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, across // 2, down // 2), fill=(200, 30, 30))
    pen.rectangle((across // 2, 0, across, down // 2), fill=(30, 160, 30))
    pen.rectangle((0, down // 2, across // 2, down), fill=(30, 30, 200))
    pen.ellipse((across // 3, down // 3, 2 * across // 3, 2 * down // 3), fill="white")
    return image.convert(mode)


def file(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return an image as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
