"""A new form's files from a grid description: module, templates, sample; for a new notice its files too."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Final

from docgen import folders, paths
from docgen.drafting import grid, model, page, word
from docgen.errors import OutputError, UnknownFormError
from docgen.forms import catalogue
from docgen.settings import settings

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.forms.form import Form

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NOTICE: Final = '''"""The notice itself: number, issuers, deadlines, the sentences of its rules."""

from __future__ import annotations

from docgen.forms.form import Notice

NOTICE = Notice(
    id="{notice}",
    title="（通知标题）",
    number="（发文字号）",
    issuers=("（发文单位）",),
    award="（奖项名称）",
)
'''


def write(form_id: str, description: str) -> list[Path]:
    """Write the files of a form and return their paths; nothing is overwritten.

    They go into the folder of ``DOCGEN_NOTICES_DIR``, or into the project in a checkout. Raises UnreadableInputError
    for a faulty description, OutputError where files stand already or no folder is known.
    """
    if not _ID.fullmatch(form_id):
        raise UnknownFormError(
            f"「{form_id[:60]}」不能作表的编号",
            "请写作 通知/附件，只用小写字母、数字和短横，如 lushan-2027/application",
        )
    notice, stem = form_id.split("/")
    package = notice.replace("-", "_")
    described = grid.parse(description)
    fields = model.collect(described)
    forms, root = _root()
    module = forms / package / f"{stem.replace('-', '_')}.py"
    files = {
        module: model.module(described, fields, _class_name(stem)),
        root / "templates" / "html" / f"{form_id}.html": page.html(described),
        root / "samples" / f"{form_id}.json": model.sample(fields),
    }
    word_file = root / "templates" / "docx" / f"{form_id}.docx"
    if standing := [path for path in (*files, word_file) if path.exists()]:
        raise OutputError(f"文件已经存在：{standing[0]}", "请换一个编号，或先移走已有的文件")
    if not (forms / package / "notice.py").exists():
        files[forms / package / "__init__.py"] = f'"""{notice}."""\n'
        files[forms / package / "notice.py"] = _NOTICE.format(notice=notice)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    word_file.parent.mkdir(parents=True, exist_ok=True)
    word_file.write_bytes(word.draft(_load(form_id), files[root / "templates" / "html" / f"{form_id}.html"]))
    return [*files, word_file]


def _class_name(stem: str) -> str:
    return "".join(part.title() for part in stem.split("-"))


def _root() -> tuple[Path, Path]:
    """Return the folder of forms and the folder of templates and samples."""
    own, notices = folders.forms(), settings().notices_dir
    if own and notices:
        return own, notices
    if paths.TEMPLATES.parent == paths.PACKAGE.parent:
        return paths.PACKAGE / "forms", paths.PACKAGE.parent
    raise OutputError("不知道把新表放在哪里", "请建一个文件夹，并用环境变量 DOCGEN_NOTICES_DIR 指明它的位置")


def _load(form_id: str) -> Form:
    """Find the form that was just written."""
    importlib.invalidate_caches()
    catalogue.look_again()
    return catalogue.get_form(form_id)
