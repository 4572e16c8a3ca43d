"""The bench runs where no peer is installed, checks what was made, and writes what it found; figures are its own."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from bench import __main__ as whole
from bench import _certificate_ways as ways
from bench import _peer_words, checking, installation, invented, rosters
from docgen import service
from docgen.forms.catalogue import get_form

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three rows and the stamped certificates of the first two."""
    folder = tmp_path_factory.mktemp("made")
    ways.write(folder, 3)
    make = ways.stamped(folder)
    for place, row in enumerate(ways.read(folder, 0, 2)):
        (folder / f"{place}.pdf").write_bytes(make(row))
    return folder


def run(part: str, folder: Path, *arguments: str, tools: str = "") -> tuple[str, dict[str, Any]]:
    """Run one part with only these tools in the PATH; return the table that it wrote and its record."""
    (folder / "bin").mkdir()
    known = {name: value for name, value in os.environ.items() if name not in {"BENCH_PEERS", "NODE_PATH"}}
    known |= {"PATH": tools or str(folder / "bin"), "BENCH_OUT": str(folder), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", f"bench.{part}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    record: dict[str, Any] = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
    return (folder / f"{part}.md").read_text(encoding="utf-8"), record


def test_certificates_are_made_every_way_and_looked_at(tmp_path: Path) -> None:
    told, record = run("certificates", tmp_path, "--rows", "6", "--slow", "2", "--times", "1")
    expected = {"floor", "floor_isal", "stamped", "two", "kept", "naive"}
    assert set(record["ways"]) == expected | ({"typst"} if importlib.util.find_spec("typst") else set())
    assert record["wrong"] == record["merged"]["wrong"] == []
    assert "Chromium page.pdf（缺 chromium）" in told
    assert "Carbone + LibreOffice（缺 node）" in told
    assert "docxtpl + LibreOffice，整批转换（缺 soffice）" in told
    assert (tmp_path / "certificates.svg").read_text(encoding="utf-8").count("<circle") == len(record["ways"]) - 1


def test_every_step_of_the_profile_stands_at_a_function_that_is_called(tmp_path: Path) -> None:
    _, record = run("profile", tmp_path, "--rows", "20")
    assert [name for name, seconds in record["steps"].items() if not seconds > 0] == []


def test_documents_name_the_peers_that_are_missing(tmp_path: Path) -> None:
    told, record = run("documents", tmp_path, "--rows", "20")
    assert len(record["lines"]) > 8
    assert "| 　docxtemplater | 没有测：缺 node |" in told
    assert "| 　carbone | 没有测：缺 node |" in told


def test_a_roster_is_brought_from_the_file_to_the_zip(tmp_path: Path) -> None:
    _, record = run("rosters", tmp_path, "--rows", "4", "--size", "embedded")
    (told,) = record["sizes"]
    assert set(told["seconds"]) == set(rosters.STEPS)
    assert told["wrong"] == []


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="client and server each want a core")
def test_a_registry_is_filled_and_asked(tmp_path: Path) -> None:
    told, _ = run("registry", tmp_path, "--count", "40", tools=os.environ["PATH"])
    assert "核验 40 份中的一份，网页" in told
    assert "颁发 40 行" in told


def test_every_part_of_the_whole_is_there() -> None:
    assert [part for part in whole.TITLES if not importlib.util.find_spec(f"bench.{part}")] == []


def test_a_page_with_anothers_words_or_code_is_found(made: Path) -> None:
    own, other, _ = ways.read(made, 0, 3)
    words, path = (own[0]["group_name"], own[1]["number"]), made / "0.pdf"
    assert checking.faults(path, words, own[1]["url"]) == []
    assert checking.faults(path, (*words, other[0]["group_name"]), own[1]["url"]) == ["0.pdf, page 1: words"]
    assert checking.faults(path, words, other[1]["url"]) == ["0.pdf, page 1: code"]


def test_a_page_whose_face_is_not_in_the_file_is_found(made: Path) -> None:
    own, _, _ = ways.read(made, 0, 3)
    path = made / "bare.pdf"
    writer = PdfWriter(made / "0.pdf")
    fonts: Any = writer.pages[0]["/Resources"]
    for font in fonts["/Font"].values():
        del font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"]
    writer.write(path)
    assert "bare.pdf, page 1: faces" in checking.faults(path, (), own[1]["url"])


def test_a_zip_that_is_not_what_was_issued_is_found(made: Path, tmp_path: Path) -> None:
    own, page, path = ways.read(made, 0, 1)[0], (made / "0.pdf").read_bytes(), tmp_path / "batch.zip"
    number, name = own[1]["number"], f"{own[1]['number']} 一.pdf"
    one = {"name": name, "number": number, "code": own[1]["code"], "sha256": hashlib.sha256(page).hexdigest()}
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(name, page + b"\n")
        packed.writestr("manifest.json", json.dumps({"files": [one]}))
    wrong = rosters.faults(path, [("云岭港口有限公司", "攀登QC小组", ""), ("", "", "")], tmp_path)
    assert wrong == [
        "1 documents of 2 rows",
        f"{name}: not what was kept",
        "证书索引: missing",
        "report.xlsx: missing",
        f"{number}.pdf, page 1: words",
        f"{number}.pdf, page 1: code",
    ]


def test_no_circle_of_a_roster_comes_twice() -> None:
    rows = invented.circles(5_000)
    assert len({(organisation, circle) for organisation, circle, _ in rows}) == 5_000


def test_a_peers_template_holds_a_mark_for_every_value() -> None:
    form = get_form("caq-2026/application")
    sample = service.sample(form)
    document = service.render(form, sample, "docx").data
    for peer in ("docxtemplater", "carbone"):
        template, data = _peer_words.template(document, peer)
        words = _peer_words.words(template)
        assert sample["org_name"] in data.values()
        assert sample["org_name"] not in words
        assert len(data["topics"]) == len(sample["topics"])
        marks = [name for name in data if name != "topics"]
        assert [name for name in marks if f"{name}}}" not in words] == []


def test_servers_end_with_the_bench_that_started_them(tmp_path: Path) -> None:
    with installation.serving(tmp_path, public_url=installation.PUBLIC_URL) as server:
        assert server.first_link.startswith("/staff/begin/")
        assert server.key.startswith("dgk_")
    assert server.process.returncode == 0
