"""The checklist is a document of the house: its templates keep the contract that the annexes' templates keep."""

from datetime import date

from extract import docx_text, pdf_pages, squeeze
from package_data import AS_OF, CAQ, opened

from docgen import paths, service
from docgen.contract import html, word
from docgen.forms.checking import Verdict, validate
from docgen.forms.form import Finding, Level
from docgen.packages import checklist
from docgen.packages.preparing import Prepared

HTML = paths.TEMPLATES / "html" / "_house" / "checklist.html"
WORD = paths.TEMPLATES / "docx" / "_house" / "checklist.docx"


def prepared(*findings: Finding) -> Prepared:
    return Prepared(CAQ, service.circumstances(CAQ, AS_OF), Verdict((), findings), unit="云岭省质量管理协会")


def finding(number: int, **told: str) -> Finding:
    label = f"附件 2（第 {number} 份）·小组成员名单第 {number} 项"
    return Finding("C05", "由小组填写", Level.WARNING, told.get("detail", "请核实"), f"/application/{number}", label)


def test_both_templates_keep_their_contract() -> None:
    assert list(html.check(HTML.read_bytes(), HTML, checklist.FORM)) == []
    assert list(word.check(WORD.read_bytes(), checklist.FORM)) == []


def test_what_it_prints_is_valid_by_its_own_model() -> None:
    values = checklist.values(prepared(finding(1)), "文件夹", {})
    assert validate(checklist.FORM, values)
    assert checklist.FORM.id == "_house/checklist"


def tasks(*findings: Finding) -> list[dict[str, str]]:
    found: list[dict[str, str]] = checklist.values(prepared(*findings), "文件夹", {})["sections"][0]["tasks"]
    return found


def test_what_several_copies_have_in_common_stands_once() -> None:
    (task,) = tasks(finding(1), finding(3))
    assert task == {"place": "附件 2·小组成员名单（第 1、3 份）", "text": "请核实", "sentence": "由小组填写"}


def test_many_places_are_counted() -> None:
    (task,) = tasks(*map(finding, range(1, 101)))
    assert task["place"] == "附件 2·小组成员名单（第 1、2、3、4、5、6、7、8 份等 100 份）"


def test_a_list_that_nobody_reads_is_cut_and_said_to_be() -> None:
    many = tasks(*(finding(1, detail=f"请核实{number}") for number in range(1_000)))
    assert len(many) == checklist.MOST_TASKS + 1
    assert many[-1]["text"] == "另有 800 项，见 manifest.json"


def test_text_that_looks_like_a_template_is_printed_as_it_stands() -> None:
    rows = [{"org_name": "A<B & {{7*7}} =1+1", "group_name": "小组", "members": ["乙"]}]
    raw = {"summary": {"recommender": "A<B & {{7*7}} {% raw %}", "items": rows}}
    files = opened(service.package(CAQ, raw, date(2026, 10, 1)).data)
    for text in (docx_text(files["材料核对清单.docx"]), "".join(pdf_pages(files["材料核对清单.pdf"]))):
        assert "A<B&{{7*7}}{%raw%}" in squeeze(text)
