"""Which templates are stamped: the house's, those with other looks, none that cannot be followed."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from certificates import CERTIFICATES, ISSUE

from docgen import service
from docgen.forms import checking
from docgen.forms.catalogue import get_form
from docgen.forms.form import Wording
from docgen.render import document, faces, html, inspection, outlines, pdf, press
from docgen.render.stamp import laying, merging, proving, stamping, tracing
from docgen.render.stamp.design import Sheet

CIRCLE = get_form("caq-2026/certificate-group")
HOUSE = '{% extends "_house/certificate.html" %}'
Change = Callable[[str], None]


@pytest.fixture
def template(configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Return a function that changes the circles' certificate, as an association would."""
    file = tmp_path / "templates" / "html" / f"{CIRCLE.id}.html"
    file.parent.mkdir(parents=True)
    configure(templates_dir=str(tmp_path / "templates"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def forget() -> None:
        """A process keeps its templates; here it goes on as another one."""
        for kept in (html._environment, html._template, html.version):  # noqa: SLF001  the caches are private
            kept.cache_clear()
        stamping._told.clear()  # noqa: SLF001  the same

    def change(source: str) -> None:
        file.write_text(source, encoding="utf-8")
        forget()

    yield change
    forget()


def submission(**change: Any) -> dict[str, Any]:
    return checking.validate(CIRCLE, {**service.sample(CIRCLE), **change}).model_dump(mode="json")


def body(words: str) -> str:
    return f"{HOUSE}{{% block body %}}{words}{{% endblock %}}"


@pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
def test_every_template_of_the_house_is_stamped(form: Any) -> None:
    assert stamping.is_stamped(form)


LOOKS = {
    "other size and colour": body("{{ super() }}<style>.words { color: #123456 } .number { font-size: 13pt }</style>"),
    "other places": body("{{ super() }}<style>.number { left: 60mm; top: 140mm } h1 { color: #000 }</style>"),
    "right and centred": body("{{ super() }}<style>.words .recipient { text-align: center }</style>"),
    "one more line": body("{{ super() }}<p>仅此一份</p>"),
    "a field of its own": body("{{ super() }}<p>小组：{{ group_name }}（{{ org_name }}）</p>"),
    "names joined": body('{{ super() }}<p style="font-size: 10pt">{{ members|names }}</p>'),
    "what is empty": body("{{ super() }}{% if members %}<p>有成员</p>{% else %}<p>没有成员</p>{% endif %}"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_changed_looks_are_stamped_and_the_same(template: Change, look: str) -> None:
    template(LOOKS[look])
    assert stamping.is_stamped(CIRCLE)
    for words in (submission(), submission(members=["甲"]), submission(body="岭" * 70)):
        values, printing = press.filled(CIRCLE, words, Wording.VERBATIM, ISSUE)
        stamped = stamping.render(CIRCLE, values, printing)
        assert stamped
        laid_out = pdf.render(html.render(CIRCLE, values), CIRCLE.page, document.assets(printing))
        assert inspection.are_alike(stamped, laid_out)


OTHERS = {
    "a loop": body("{{ super() }}{% for name in members %}<p>{{ name }}</p>{% endfor %}"),
    "a comparison": body('{{ super() }}{% if group_name == "甲小组" %}<p>甲</p>{% endif %}'),
    "a part": body("{{ super() }}<p>{{ group_name[0] }}</p>"),
    "a text in a set": body(
        '{{ super() }}{% set words %}{{ group_name }}{% endset %}{% if words == "甲" %}甲{% endif %}'
    ),
    "a macro": body('{{ super() }}{% macro m(x) %}{{ x }}{% endmacro %}{% if m(group_name) == "甲" %}甲{% endif %}'),
    "a test": body("{{ super() }}{% if group_name is string %}<p>甲</p>{% endif %}"),
    "an attribute": body('{{ super() }}<p title="{{ group_name }}">甲</p>'),
    "a class": body('{{ super() }}<p class="{{ group_name }}">甲</p>'),
    "joined": body("{{ super() }}<p>{{ group_name ~ org_name }}</p>"),
    "two styles in one line": body("{{ super() }}<p>小组<b>{{ group_name }}</b>的</p>"),
    "a box as wide as its words": body(
        '{{ super() }}<p><span style="display: inline-block">{{ group_name }}</span></p>'
    ),
    "a float": body('{{ super() }}<p style="float: right">{{ group_name }}</p>'),
    "spread letters": body('{{ super() }}<p style="letter-spacing: 0.2em">{{ group_name }}</p>'),
    "a table of its own": body("{{ super() }}<table><tr><td>{{ group_name }}</td><td>甲</td></tr></table>"),
    "below words that grow": body('{{ super() }}<div style="border: 1pt solid">甲</div>'),
    "a length elsewhere": body('{{ super() }}<p style="margin-left: {{ fit.above }}mm">甲</p>'),
    "a second code": body('{{ super() }}<img src="docgen-asset:qr" style="width: 20mm">'),
    "a group": body('{{ super() }}<p style="opacity: 0.5">{{ group_name }}</p>'),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_cannot_be_followed_is_laid_out_and_says_so_once(
    template: Change, other: str, caplog: pytest.LogCaptureFixture
) -> None:
    template(OTHERS[other])
    with caplog.at_level(logging.WARNING, "docgen"):
        for name in ("甲小组", "乙小组"):
            words = submission(group_name=name)
            values, printing = press.filled(CIRCLE, words, Wording.VERBATIM, ISSUE)
            made = press.make(CIRCLE, words, "pdf", issue=ISSUE)
            wanted = pdf.render(html.render(CIRCLE, values | {"blank": False}), CIRCLE.page, document.assets(printing))
            assert inspection.are_alike(made.data, wanted)
    if not stamping.is_stamped(CIRCLE):
        (told,) = [record.getMessage() for record in caplog.records]
        assert CIRCLE.id in told
        assert "甲小组" not in told
        assert not made.stamped
    assert (other == "below words that grow") or not stamping.is_stamped(CIRCLE)


def test_faces_that_share_too_few_characters_are_laid_out(
    template: Change, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody may give a face of Latin letters the name that docgen looks for."""
    template(body("{{ super() }}<!-- few -->"))
    monkeypatch.setattr(faces, "shared", lambda: iter("丁七"))
    with caplog.at_level(logging.WARNING, "docgen"):
        assert not press.make(CIRCLE, submission(), "pdf", issue=ISSUE).stamped
    assert "no character in common" in caplog.text


def test_what_was_proved_is_looked_up_by_the_next_process(template: Change, tmp_path: Path) -> None:
    template(LOOKS["one more line"] + "{# 一 #}")
    assert stamping.is_stamped(CIRCLE)
    (kept,) = (tmp_path / "home" / ".cache" / "docgen" / "stamps").iterdir()
    assert json.loads(kept.read_text(encoding="utf-8")) == {"form": CIRCLE.id, "reason": ""}

    def never(*_: Any) -> bytes | None:
        pytest.fail("proved again")

    assert proving.reason(CIRCLE, never) == ""
    template(LOOKS["one more line"] + "{# 二 #}")
    assert stamping.is_stamped(CIRCLE)
    assert len(list((tmp_path / "home" / ".cache" / "docgen" / "stamps").iterdir())) == 2


def test_where_nothing_can_be_kept_it_is_proved_anew(
    template: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    template(LOOKS["one more line"] + "{# 三 #}")
    assert stamping.is_stamped(CIRCLE)


def test_a_template_is_laid_out_once_and_a_face_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()

    def counted(module: Any, name: str) -> None:
        work = getattr(module, name)

        def count(*given: Any, **more: Any) -> Any:
            done[name] += 1
            return work(*given, **more)

        monkeypatch.setattr(module, name, count)

    assert stamping.is_stamped(CIRCLE)
    stamping._designs.clear()  # noqa: SLF001  begin anew
    for module, name in ((laying, "lay"), (pdf, "laid_out"), (pdf, "render"), (tracing, "trace")):
        counted(module, name)
    opened = faces._opened.cache_info().misses, outlines.bare.cache_info().misses  # noqa: SLF001  counts of what is kept
    for number in range(50):
        made = press.make(CIRCLE, submission(group_name=f"第{number}小组", org_name="云" * (1 + number % 9)), "pdf")
        assert made.stamped
    assert done == {"lay": 1, "laid_out": 1, "trace": 1}
    assert (faces._opened.cache_info().misses, outlines.bare.cache_info().misses) == opened  # noqa: SLF001  as above


def sheet(name: str, **issue: Any) -> Sheet:
    facts: Any = {**ISSUE, **issue}
    return Sheet(CIRCLE.id, submission(group_name=name), facts, f"{CIRCLE.id}@{html.version(CIRCLE.id)}")


def test_merged_pages_are_the_certificates_in_their_order(tmp_path: Path) -> None:
    sheets = [
        sheet(f"第{number}小组", number=f"DOCGEN-2026-{number:06d}", border=number % 2 == 0) for number in range(30)
    ]
    path = tmp_path / "merged.pdf"
    assert merging.merge(path, "全国优秀质量管理小组", sheets) == []
    reader = pypdf.PdfReader(path, strict=True)
    assert reader.metadata
    assert reader.metadata.title == "全国优秀质量管理小组"
    with pypdfium2.PdfDocument(path) as pages:
        assert len(pages) == len(sheets)
        for page, one in zip(pages, sheets, strict=True):
            single = press.make(CIRCLE, one.submission, "pdf", issue=one.issue).data
            with pypdfium2.PdfDocument(single) as alone:
                assert page.get_textpage().get_text_range() == alone[0].get_textpage().get_text_range()
                pictures = [each.render(scale=1).to_pil().convert("RGB") for each in (page, alone[0])]
            assert inspection.differing(*pictures) == 0
    assert path.stat().st_size < 3 * len(press.make(CIRCLE, sheets[0].submission, "pdf", issue=ISSUE).data)


def test_what_cannot_be_stamped_or_has_another_template_is_left_to_the_kept_documents(tmp_path: Path) -> None:
    old = sheet("旧模板小组")._replace(template=f"{CIRCLE.id}@000000000000")
    left = merging.merge(tmp_path / "merged.pdf", "", [sheet("甲小组"), sheet("かな小组"), old, sheet("乙小组")])
    assert left == [1, 2]
    with pypdfium2.PdfDocument(tmp_path / "merged.pdf") as pages:
        assert len(pages) == 2
