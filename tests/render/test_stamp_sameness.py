"""Stamped certificates and those that WeasyPrint lays out say the same and look the same, whatever is written."""

import io
import random
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from certificates import CERTIFICATES, ISSUE

from docgen import service
from docgen.certificates.issue import Issue
from docgen.errors import SubmissionError
from docgen.forms import checking
from docgen.forms.catalogue import get_form
from docgen.forms.form import Form, Wording
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.layout import CERTIFICATE_STEPS
from docgen.render import document, html, inspection, pdf, press
from docgen.render.stamp import stamping

CIRCLE = get_form("caq-2026/certificate-group")
every_certificate = pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
PIECES = (
    *("质量", "小组", "云岭精密轴承制造有限公司", "（第三事业部）", "《降本》", "“提质”", "‘甲’", "【二】", "，", "、"),
    *("：", "·"),
    *("——", "…", "一", " ", "　", "QC", "KUKA-KR210", "ISO9001", "Konstantinopolsky", "2026", "5.8%", "&", "a/b", "№5"),
    *("AVATo", "ffi", "é", "Жд", "Ωα", "〇", "①", "㈱", "Ⅳ", "℃", "±5", "→", "□", "$5", "￥8", "!?", "[x]", "1,234.5"),
    *("𠮷", "𠀋", "㐂", "龘", "豈", "Ͱ", "“", "”", "（", "）"),
)  # fmt: skip
"""Words, marks that may not begin or end a line, scripts that Pango shapes apart, characters of other faces, Ext-B."""


def line(chance: random.Random, limit: int) -> str:
    wanted = chance.choice([1, 4, limit // 3, limit // 2, limit])
    text = chance.choice("甲乙丙云")
    while len(text) < wanted:
        text += chance.choice(PIECES)
    return text[:wanted].strip()


def row(form: Form, chance: random.Random) -> dict[str, Any] | None:
    """Draw a valid submission that fits, if this draw is one."""
    data = service.sample(form)
    for name, node in form.shape.fields.items():
        if name in {"recipient", "body", "closing", "issuers"}:
            continue
        if isinstance(node, Leaf) and node.kind is LeafKind.LINE:
            data[name] = line(chance, node.limit or 40)
        elif isinstance(node, Series):
            data[name] = [line(chance, 14) for _ in range(chance.randint(0, node.maximum or 4))]
    if chance.random() < 0.4:
        data["body"] = form.model.model_fields["body"].default + line(chance, 100)
    data["issuers"] = [line(chance, chance.choice([10, 60])) for _ in range(chance.randint(1, 4))]
    data["issued_on"] = chance.choice(["2026-12-22", "2026-01-01"])
    try:
        submission = checking.validate(form, data).model_dump(mode="json")
    except SubmissionError:
        return None
    return None if press.unprintable(form, submission, "pdf") else submission


def both(form: Form, submission: dict[str, Any], issue: Issue) -> tuple[bytes, bytes]:
    """Make a certificate in both ways."""
    values, printing = press.filled(form, submission, Wording.VERBATIM, issue)
    stamped = stamping.render(form, values, printing)
    assert stamped is not None
    return stamped, pdf.render(html.render(form, values), form.page, document.assets(printing))


def readers_agree(data: bytes, path: Path) -> None:
    """Open a document with the readers that are not used to make it."""
    path.write_bytes(data)
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)  # noqa: S607  wherever it is installed
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    assert len(reader.pages) == 1
    assert reader.pages[0].extract_text()


@every_certificate
def test_random_certificates_are_the_same_in_both_ways(form: Form, tmp_path: Path) -> None:
    chance = random.Random(form.id)  # noqa: S311  the same rows in every run
    rows = [found for _ in range(40) if (found := row(form, chance))][:6]
    assert len(rows) == 6
    for number, submission in enumerate(rows):
        facts = {"mark": chance.choice(["", "试用"]), "border": chance.random() < 0.5}
        issue: Any = {**ISSUE, **facts, "number": f"AVA-TO-2026-{number:06d}"}
        stamped, laid_out = both(form, submission, issue)
        assert inspection.are_alike(stamped, laid_out), submission
        readers_agree(stamped, tmp_path / f"{number}.pdf")


@pytest.mark.parametrize("issuers", [1, 2, 3, 4])
def test_every_size_is_the_same_in_both_ways(issuers: int) -> None:
    met = set()
    for length in range(10, 230, 15):
        change = {"body": "岭" * length + "{小组名称}", "issuers": ["京" * (9 * place + 4) for place in range(issuers)]}
        submission = checking.validate(CIRCLE, {**service.sample(CIRCLE), **change}).model_dump(mode="json")
        if press.unprintable(CIRCLE, submission, "pdf"):
            continue
        size = press.filled(CIRCLE, submission)[0]["fit"]["size"]
        if size not in met:
            met.add(size)
            assert inspection.are_alike(*both(CIRCLE, submission, ISSUE)), length
    assert len(met) >= 3
    assert met <= set(CERTIFICATE_STEPS)


def test_a_difference_is_seen() -> None:
    """Whatever compares must be able to say no."""
    usual = checking.validate(CIRCLE, service.sample(CIRCLE)).model_dump(mode="json")
    stamped, laid_out = both(CIRCLE, usual, ISSUE)
    other = {**usual, "group_name": "攀登着QC小组"}
    assert inspection.are_alike(stamped, laid_out)
    assert not inspection.are_alike(both(CIRCLE, other, ISSUE)[0], laid_out)
    framed: Any = {**ISSUE, "border": False}
    assert not inspection.are_alike(both(CIRCLE, usual, framed)[0], laid_out)


@every_certificate
def test_a_stamped_page_has_what_readers_look_for(form: Form) -> None:
    submission = checking.validate(form, service.sample(form)).model_dump(mode="json")
    stamped, laid_out = both(form, submission, ISSUE)
    reader, other = (pypdf.PdfReader(io.BytesIO(data)) for data in (stamped, laid_out))
    assert reader.metadata == other.metadata
    assert reader.metadata
    assert reader.metadata.title == form.title
    assert str(reader.root_object["/Lang"]) == "zh-CN"
    assert reader.pages[0].mediabox == other.pages[0].mediabox
    assert {family(font) for font in fonts(reader)} == {family(font) for font in fonts(other)}
    assert all(font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"].get_data() for font in fonts(reader))


def fonts(reader: pypdf.PdfReader) -> list[Any]:
    return [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]  # a dictionary


def family(font: Any) -> str:
    name: str = font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFamily"]
    return name


@pytest.mark.parametrize("text", ["𠮷野小组", "⺠生〇小组", "A\u0301QC小组", "ffi小组", "“提质”小组"])
def test_what_is_copied_is_what_was_written(text: str) -> None:
    submission = checking.validate(CIRCLE, {**service.sample(CIRCLE), "group_name": text}).model_dump(mode="json")
    data = press.make(CIRCLE, submission, "pdf", issue=ISSUE).data
    assert submission["group_name"] in pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()


def test_the_same_certificate_gives_the_same_bytes() -> None:
    submission = checking.validate(CIRCLE, service.sample(CIRCLE)).model_dump(mode="json")
    first, again = (press.make(CIRCLE, submission, "pdf", issue=ISSUE) for _ in range(2))
    assert first == again
    assert first.stamped


def test_what_stamping_leaves_to_weasyprint_is_made_all_the_same() -> None:
    """Letters from the right, emoji, a word with marks above: shaped in ways that are not followed here."""
    submission = checking.validate(CIRCLE, {**service.sample(CIRCLE), "group_name": "☆かな小组"}).model_dump(
        mode="json"
    )
    made = press.make(CIRCLE, submission, "pdf", issue=ISSUE)
    assert not made.stamped
    assert "かな小组" in pypdfium2.PdfDocument(made.data)[0].get_textpage().get_text_range()
