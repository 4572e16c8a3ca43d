"""The zip of a package: the right documents under safe names, told by a manifest, with what is still to be done."""

import copy
import hashlib
import io
import shutil
import subprocess
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from extract import docx_text, pdf_pages, squeeze, xlsx_cells
from package_data import AS_OF, CAQ, FOLDER, application, manifest, opened, sample

from docgen import __version__, service
from docgen.errors import SubmissionError
from docgen.forms import catalogue
from docgen.packages import packing

THREE: dict[str, Any] = {"application": [application(1), application(2, group_name="清源/QC小组"), application(3)]}


@pytest.fixture(scope="module")
def made() -> packing.Package:
    return service.package(CAQ, copy.deepcopy(THREE), AS_OF)


def refused(raw: object) -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        service.package(CAQ, raw, AS_OF)
    return caught.value


def told_in_pdf(data: bytes) -> str:
    return squeeze("".join(pdf_pages(opened(data)["材料核对清单.pdf"])))


def test_every_document_is_there_in_the_order_of_the_annexes(made: packing.Package) -> None:
    assert list(opened(made.data)) == [
        f"{FOLDER}/附件2-01 全国优秀质量管理小组申报表（攀登1号QC小组）.docx",
        f"{FOLDER}/附件2-02 全国优秀质量管理小组申报表（清源／QC小组）.docx",
        f"{FOLDER}/附件2-03 全国优秀质量管理小组申报表（攀登3号QC小组）.docx",
        f"{FOLDER}/附件3 全国优秀质量管理小组推荐意见.docx",
        f"{FOLDER}/附件4 全国优秀质量管理小组推荐汇总表.docx",
        f"{FOLDER}/附件4 全国优秀质量管理小组推荐汇总表.xlsx",
        "材料核对清单.docx",
        "材料核对清单.pdf",
        "manifest.json",
    ]
    assert (made.filename, made.documents) == (f"{FOLDER}.zip", 5)


def test_the_same_data_give_the_same_bytes(made: packing.Package) -> None:
    assert service.package(CAQ, copy.deepcopy(THREE), AS_OF).data == made.data
    assert service.package(CAQ, copy.deepcopy(THREE), date(2026, 10, 2)).data != made.data


def test_documents_are_those_of_render(made: packing.Package) -> None:
    files = opened(made.data)
    alone = service.render(catalogue.get_form("caq-2026/application"), application(1), "docx")
    assert files[f"{FOLDER}/附件2-01 全国优秀质量管理小组申报表（攀登1号QC小组）.docx"] == alone.data


def test_derived_documents_carry_the_values_of_the_applications(made: packing.Package) -> None:
    files = opened(made.data)
    cells = xlsx_cells(files[f"{FOLDER}/附件4 全国优秀质量管理小组推荐汇总表.xlsx"])
    opinion = docx_text(files[f"{FOLDER}/附件3 全国优秀质量管理小组推荐意见.docx"])
    for circle in THREE["application"]:
        assert circle["group_name"] in cells
        assert "、".join(circle["members"]) in cells
        assert circle["group_name"] in opinion


def test_the_manifest_tells_every_file(made: packing.Package) -> None:
    files, told = opened(made.data), manifest(made.data)
    assert {name: told[name] for name in ("notice", "folder", "as_of", "docgen", "complete")} == {
        "notice": "caq-2026",
        "folder": FOLDER,
        "as_of": "2026-10-01",
        "docgen": __version__,
        "complete": False,
    }
    assert [entry["name"] for entry in told["files"]] == [name for name in files if name != "manifest.json"]
    for entry in told["files"]:
        assert entry["sha256"] == hashlib.sha256(files[entry["name"]]).hexdigest()
        assert entry["bytes"] == len(files[entry["name"]])
        assert entry["name"].endswith(f".{entry['format']}")
        assert entry["template"].startswith(f"{entry.get('form', '_house/checklist')}@")
    assert [entry.get("derived_from") for entry in told["files"]][2:6] == [[], *[["application"]] * 3]
    assert told["findings"] == service.check_package(CAQ, THREE, AS_OF).members()["findings"]


def test_the_checklist_says_what_is_still_to_be_done_alike_in_word_and_pdf(made: packing.Package) -> None:
    files = opened(made.data)
    for squeezed in (squeeze(docx_text(files["材料核对清单.docx"])), told_in_pdf(made.data)):
        for words in (
            "报送材料核对清单",
            "2026年10月30日（含当天）",
            "尚缺推荐意见（3处）",
            "汇总得出，待补填",
            "填表人、电话、填表日期空着",
            "打印后请加盖所在单位公章",
            "附上课题成果报告，共9份",
            "qc@caq.org.cn",
            "推荐过程不收取任何费用",
        ):
            assert words in squeezed, words
        assert squeezed.count("打印后请加盖所在单位公章") == 1, "what holds for every copy stands once"


def test_a_complete_package_says_so() -> None:
    raw = {
        "application": application(group_name=sample("summary")["items"][0]["group_name"]),
        "recommendation-opinion": sample("recommendation-opinion")
        | {"items": sample("recommendation-opinion")["items"][:1]},
    }
    assert service.check_package(CAQ, raw, AS_OF).complete
    data = service.package(CAQ, raw, AS_OF).data
    assert manifest(data)["complete"] is True
    text = told_in_pdf(data)
    assert "完整，办完下列事项即可报送" in text
    assert "必须改正" not in text


def test_findings_of_one_copy_and_of_a_late_day_are_told() -> None:
    raw = {"application": [application(1), application(2, attachments=[])]}
    text = told_in_pdf(service.package(CAQ, raw, date(2026, 11, 1)).data)
    assert "附件清单（第2份）" in text
    assert "已经过期" in text
    assert "（各份）" in text


def test_windows_and_others_unpack_the_same_names(made: packing.Package, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        for entry in archive.infolist():
            assert entry.flag_bits & 0x800 or entry.filename.isascii(), (
                "names that are not ASCII say that they are UTF-8"
            )
            assert unicodedata.normalize("NFC", entry.filename) == entry.filename
            assert all(len(part.encode()) <= 200 for part in entry.filename.split("/"))
            assert entry.filename.count("/") <= 1
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        names = [name.casefold() for name in archive.namelist()]
    assert len(set(names)) == len(names)
    if unzip := shutil.which("unzip"):
        (tmp_path / "x.zip").write_bytes(made.data)
        done = subprocess.run(
            [unzip, "-q", "x.zip"], cwd=tmp_path, env={"LC_ALL": "C.UTF-8"}, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
        found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
        assert found - {"x.zip"} == set(opened(made.data))


def test_a_name_cannot_lead_out_of_the_folder() -> None:
    evil = "../../../etc/cron.d/x\\..\\y"
    data = service.package(CAQ, {"application": [application(group_name=evil, recommender=evil)] * 2}, AS_OF).data
    for name in opened(data):
        assert ".." not in name.split("/")
        assert "\\" not in name
        assert name.count("/") <= 1


def test_with_faults_nothing_is_made_and_every_place_is_named() -> None:
    error = refused({"application": [application(), application(2, org_name=" ", members=[])], "nonsense": {}})
    assert [fault.pointer for fault in error.faults] == [
        "/nonsense",
        "/application/1/org_name",
        "/application/1/members",
    ]


@pytest.mark.parametrize("raw", [{}, {"application": []}, {"application": [], "summary": []}])
def test_no_data_is_refused(raw: object) -> None:
    assert [fault.code for fault in refused(raw).faults] == ["empty"]


def test_two_units_are_refused() -> None:
    error = refused({"application": [application(1), application(2, recommender="另一协会")]})
    assert [(fault.pointer, fault.code) for fault in error.faults] == [("/application/1/recommender", "contradiction")]


def test_two_submissions_of_one_circle_are_packed_and_said() -> None:
    raw = {"application": [application(1), application(1, members=["甲"])]}
    told = manifest(service.package(CAQ, raw, AS_OF).data)
    assert {finding["rule"] for finding in told["findings"] if finding["level"] == "error"} >= {"C06"}
    assert told["complete"] is False


def test_a_certificate_is_not_handed_in() -> None:
    error = refused({"application": application(), "certificate-group": sample("certificate-group")})
    assert [(fault.pointer, fault.code) for fault in error.faults] == [("/certificate-group", "not_handed_in")]


def test_more_than_a_person_waits_for_is_refused_at_once() -> None:
    error = refused({"application": [application(number) for number in range(501)]})
    assert [fault.code for fault in error.faults] == ["too_long"]
    assert "最多打包 500 份" in error.faults[0].detail


@pytest.mark.parametrize("notice", catalogue.all_notices().values(), ids=lambda notice: notice.id)
def test_every_format_that_a_notice_wants_is_one_of_the_form(notice: Any) -> None:
    for form in catalogue.forms_of(notice):
        assert set(packing.formats_of(form, notice)) <= set(form.formats)
