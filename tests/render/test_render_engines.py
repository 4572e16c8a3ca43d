"""The engines: same input, same bytes; nothing from outside; what an engine would only whisper is an error."""

import contextlib
import hashlib
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from extract import docx_paragraphs
from PIL import Image

from docgen import paths, service
from docgen.errors import FaceError, RenderError, TemplateError
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Form, Kind
from docgen.layout import Face, PageKind
from docgen.render import docx, faces, html, inspection, pdf

FORMS = list(all_forms().values())
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
DIGESTS = """
import contextlib
import hashlib
from docgen import service
from docgen.forms.catalogue import all_forms
for form in all_forms().values():
    for fmt in form.formats:
        print(form.id, fmt, hashlib.sha256(service.render(form, service.sample(form), fmt).data).hexdigest())
"""


@pytest.fixture
def fresh() -> Iterator[Callable[[], None]]:
    """Forget compiled templates and opened faces, before a test changes what lies on disk and after it."""

    def forget() -> None:
        for function in (
            docx._compile, html._environment, html._template, html.version, html.style_sheet,  # noqa: SLF001
            faces.resolve, faces._covered, faces.family, pdf._sheet, pdf._configuration,  # noqa: SLF001  the caches are private
        ):  # fmt: skip
            function.cache_clear()

    forget()
    yield forget
    forget()


def test_two_processes_make_the_same_bytes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language},
        ).stdout
        for seed, zone, language in (("1", "UTC", "C"), ("2", "Asia/Shanghai", "zh_CN.UTF-8"))
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) == sum(len(form.formats) for form in FORMS)


@every_form
def test_documents_say_which_template_made_them(form: Form) -> None:
    document = service.render(form, service.sample(form), "docx")
    digest = hashlib.sha256(docx.path(form.id).read_bytes()).hexdigest()
    assert document.template == f"{form.id}@{digest[:12]}"
    assert form.title in document.filename


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{port}/a.png", "//127.0.0.1:{port}/a.png", "file:///etc/passwd", "ftp://127.0.0.1:{port}/a"],
)
@pytest.mark.parametrize(
    "tag", ['<img src="{}">', '<link rel="stylesheet" href="{}">', '<p style="background:url({})">x</p>']
)
def test_nothing_outside_is_ever_fetched(address: str, tag: str) -> None:
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        url = address.format(port=listener.getsockname()[1])

        def watch() -> None:
            with contextlib.suppress(TimeoutError):
                calls.append(listener.accept())

        watcher = threading.Thread(target=watch)
        watcher.start()
        with pytest.raises(RenderError, match=r"地址|问题"):
            pdf.render(f"<html lang='zh-CN'><body>{tag.format(url)}</body></html>", PageKind.FORM)
        watcher.join()
    assert calls == []


def test_list_items_and_footnotes_have_their_marks() -> None:
    body = '<ul><li>甲</li></ul><ol><li>乙</li></ol><p>丙<span style="float: footnote">丁</span></p>'
    words = inspection.inspect(pdf.render(f'<html lang="zh-CN"><body>{body}</body></html>', PageKind.FORM)).text
    assert "•" in words
    assert "1.丁" in words
    assert words.count("1.") == len(("乙", "丁"))


def test_what_weasyprint_warns_of_is_an_error() -> None:
    with pytest.raises(RenderError, match="colour"):
        pdf.render('<html lang="zh-CN"><body><p style="colour: red">x</p></body></html>', PageKind.FORM)


@pytest.mark.usefixtures("fresh")
def test_a_face_of_the_machine_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for face in paths.FACES.glob("*.[ot]tf"):
        (tmp_path / face.name).symlink_to(face)
    folder = tmp_path / "machine"
    folder.mkdir()
    shutil.copy(paths.FACES / "DejaVuSans.ttf", folder)
    (tmp_path / "fontconfig.xml").write_text(f"<fontconfig><dir>{folder}</dir></fontconfig>", encoding="utf-8")
    monkeypatch.setattr(paths, "FACES", tmp_path)
    with pytest.raises(FaceError, match="DejaVu"):
        pdf.render('<html lang="zh-CN"><body><p style="font-family: DejaVu Sans">x</p></body></html>', PageKind.FORM)


@pytest.mark.usefixtures("fresh")
def test_a_missing_face_names_the_file_and_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "FACES", tmp_path)
    form = get_form("caq-2026/summary")
    with pytest.raises(FaceError) as caught:
        service.render(form, service.sample(form), "pdf")
    assert "仿宋_GB2312" in caught.value.detail
    assert "FandolFang-Regular.otf" in caught.value.remedy


@pytest.mark.usefixtures("fresh")
def test_a_licensed_face_of_the_association_wins(tmp_path: Path, configure: Callable[..., None]) -> None:
    own = tmp_path / "仿宋_GB2312.ttf"
    shutil.copy(paths.FACES / "LXGWWenKai-Regular.ttf", own)
    configure(fonts_dir=str(tmp_path))
    assert faces.resolve(Face.FANGSONG) == own
    form = get_form("caq-2026/recommendation-opinion")
    names = embedded(service.render(form, service.sample(form), "pdf").data)
    assert not any("FandolFang" in name for name in names)
    assert any("LXGWWenKai" in name for name in names)


def embedded(data: bytes) -> set[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        texts = [item for page in document for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])]
        return {text.get_font().get_base_name() for text in texts}
    finally:
        document.close()


@every_form
def test_only_faces_of_the_house_are_embedded(form: Form) -> None:
    names = embedded(service.render(form, service.sample(form), "pdf").data)
    assert names
    assert all("docgen-" in name for name in names), names


def damaged(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "no zip":
        path.write_bytes(b"not a Word file")
    elif kind == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        members = {
            info.filename: zipfile.ZipFile(io.BytesIO(data)).read(info) for info in zipfile.ZipFile(path).infolist()
        }
        xml = members["word/document.xml"].decode()
        members["word/document.xml"] = {
            "broken xml": xml.replace("</w:body>", ""),
            "unknown name": xml.replace("{{ org_name }}", "{{ org_nam }}"),
            "jinja": xml.replace("{{ org_name }}", "{{ org_name"),
        }[kind].encode()
        with zipfile.ZipFile(path, "w") as package:
            for name, blob in members.items():
                package.writestr(name, blob)


@pytest.mark.parametrize("kind", ["no zip", "cut", "broken xml", "unknown name", "jinja"])
@pytest.mark.usefixtures("fresh")
def test_a_damaged_word_template_is_our_fault_and_says_how_to_mend_it(
    kind: str, tmp_path: Path, configure: Callable[..., None]
) -> None:
    form = get_form("caq-2026/application")
    target = tmp_path / "docx" / f"{form.id}.docx"
    target.parent.mkdir(parents=True)
    shutil.copy(docx.path(form.id), target)
    damaged(target, kind)
    configure(templates_dir=str(tmp_path))
    with pytest.raises(TemplateError) as caught:
        service.render(form, service.sample(form), "docx")
    assert "Word" in caught.value.detail
    assert caught.value.remedy
    assert "org_nam" not in str(caught.value).replace("org_name", "")


@pytest.mark.usefixtures("fresh")
def test_a_changed_template_of_the_association_wins_file_by_file(
    tmp_path: Path, configure: Callable[..., None]
) -> None:
    form = get_form("caq-2026/certificate-group")
    for kind in ("docx", "html"):
        (tmp_path / kind / form.notice_id).mkdir(parents=True)
    page = (paths.TEMPLATES / "html" / f"{form.id}.html").read_text(encoding="utf-8")
    own = "{% block body %}{{ super() }}<p>仅此一份</p>{% endblock %}"
    (tmp_path / "html" / f"{form.id}.html").write_text(page + own, encoding="utf-8")
    configure(templates_dir=str(tmp_path))
    text = pypdfium2.PdfDocument(service.render(form, service.sample(form), "pdf").data)[0].get_textpage()
    assert "仅此一份" in text.get_text_bounded()
    lines = docx_paragraphs(service.render(form, service.sample(form), "docx").data)
    assert any("特发此证" in line for line in lines)
    assert not any("仅此一份" in line for line in lines)


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
@pytest.mark.parametrize("form", [form for form in FORMS if form.kind is Kind.CERTIFICATE], ids=lambda form: form.id)
def test_the_code_on_a_sample_certificate_leads_to_the_sample_page(form: Form, fmt: str) -> None:
    data = service.render(form, service.sample(form), fmt).data
    if fmt == "pdf":
        picture = pypdfium2.PdfDocument(data)[0].render(scale=150 / 72).to_pil()
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            (name,) = [name for name in package.namelist() if name.startswith("word/media/")]
            picture = Image.open(io.BytesIO(package.read(name))).convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == "http://127.0.0.1:8080/C/0000000000000000"
    assert code.ec_level == "Q"


def test_a_preview_shows_every_page() -> None:
    form = get_form("caq-2026/requirements")
    picture = Image.open(io.BytesIO(service.render(form, {}, "png").data))
    assert picture.height > 2 * picture.width


def test_a_preview_says_how_many_pages_it_leaves_out() -> None:
    form = get_form("caq-2026/recommendation-opinion")
    data = service.sample(form)
    long = {**data["items"][0], "opinion": data["items"][0]["opinion"] * 3}
    data["items"] = [{**long, "group_name": f"第{number}小组"} for number in range(200)]
    pages = len(pypdfium2.PdfDocument(service.render(form, data, "pdf").data))
    assert pages > 40
    picture = Image.open(io.BytesIO(service.render(form, data, "png").data))
    page = picture.width * 297 // 210
    assert picture.height > 40 * page, "forty pages and the line below them"
    strip = picture.crop((0, picture.height - 60, picture.width, picture.height)).convert("L")
    assert sum(strip.histogram()[:100]) > 0, "words stand there"
