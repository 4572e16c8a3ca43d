"""One picture per notice: every form, blank and filled, PDF and Word side by side: ``python -m tools.contact_sheet``.

Word pages are drawn by LibreOffice with the faces of this project. The pictures go to out/contact/<notice>.png and are
for looking at, beside the grids of the notice.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from docgen import paths, service
from docgen.forms.catalogue import all_forms, all_notices
from docgen.layout import Face
from docgen.render import faces

if TYPE_CHECKING:
    from docgen.forms.form import Form

OUT: Final = Path("out/contact")
DPI: Final = 50
GAP: Final = 10
COLUMNS: Final = ("空白 PDF", "空白 Word", "样例 PDF", "样例 Word")
MOST_PAGES: Final = 3


def _font_configuration(folder: Path) -> Path:
    """Let LibreOffice draw official faces with the files that PDFs embed."""
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{face}</string></test>'
        f'<edit name="file" mode="assign" binding="strong"><string>{faces.resolve(face)}</string></edit>'
        f'<edit name="family" mode="assign" binding="strong"><string>{_family(faces.resolve(face))}</string></edit>'
        "</match>"
        for face in Face
    )
    path = folder / "fonts.conf"
    path.write_text(
        f"<fontconfig><dir>{paths.FACES}</dir><cachedir>{folder}/cache</cachedir>{aliases}</fontconfig>",
        encoding="utf-8",
    )
    return path


def _family(path: Path) -> str:
    name = ImageFont.truetype(str(path)).getname()
    return name[0] or path.stem


def _word_to_pdf(files: dict[str, bytes]) -> dict[str, bytes]:
    """Convert Word files, named as given, with one start of LibreOffice."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stem, data in files.items():
            (folder / f"{stem}.docx").write_bytes(data)
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"),
                *("--convert-to", "pdf", "--outdir", str(folder / "pdf")),
                *(str(folder / f"{stem}.docx") for stem in files),
            ],
            check=True,
            capture_output=True,
            env={**os.environ, "FONTCONFIG_FILE": str(_font_configuration(folder))},
        )
        return {stem: (folder / "pdf" / f"{stem}.pdf").read_bytes() for stem in files}


def _pages(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = min(len(document), MOST_PAGES)
        return [document[number].render(scale=DPI / 72).to_pil().convert("RGB") for number in range(count)]
    finally:
        document.close()


def _beside(pages: list[Image.Image]) -> Image.Image:
    width = sum(page.width for page in pages) + GAP * (len(pages) - 1)
    sheet = Image.new("RGB", (width, max(page.height for page in pages)), "#bbb")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + GAP
    return sheet


def sheet(forms: list[Form]) -> Image.Image:
    """Return the contact sheet of some forms, one row a form."""
    word = _word_to_pdf(
        {f"{form.stem}-blank": service.blank(form, "docx").data for form in forms}
        | {form.stem: service.render(form, service.sample(form), "docx").data for form in forms}
    )
    rows = [
        [
            _beside(_pages(service.blank(form, "pdf").data)),
            _beside(_pages(word[f"{form.stem}-blank"])),
            _beside(_pages(service.render(form, service.sample(form), "pdf").data)),
            _beside(_pages(word[form.stem])),
        ]
        for form in forms
    ]
    label = ImageFont.truetype(str(faces.resolve(Face.HEITI)), 16)
    width = max(sum(cell.width for cell in row) for row in rows) + GAP * 5
    height = sum(max(cell.height for cell in row) + 40 for row in rows)
    whole = Image.new("RGB", (width, height), "#888")
    draw = ImageDraw.Draw(whole)
    top = 0
    for form, row in zip(forms, rows, strict=True):
        draw.text((GAP, top + 8), f"{form.id}  {form.annex} {form.title}    {' | '.join(COLUMNS)}", "white", label)
        left = GAP
        for cell in row:
            whole.paste(cell, (left, top + 34))
            left += cell.width + GAP
        top += max(cell.height for cell in row) + 40
    return whole


def main() -> None:
    """Write a contact sheet for every notice."""
    OUT.mkdir(parents=True, exist_ok=True)
    for notice in all_notices():
        path = OUT / f"{notice}.png"
        sheet([form for form in all_forms().values() if form.notice_id == notice]).save(path)
        print(path)


if __name__ == "__main__":
    main()
