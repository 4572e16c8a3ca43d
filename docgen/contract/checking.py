"""Check one template file: which form it is for, and everything that is wrong with it."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from docgen.contract import html, word
from docgen.errors import Place, TemplateError, TemplateFinding, UnknownFormError, UnreadableInputError, quoted
from docgen.forms.catalogue import all_forms, get_form
from docgen.render.gate import RefusedFileError, read_bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docgen.forms.form import Form

MOST_FINDINGS: Final = 200
"""More than a person reads are cut, and said to be."""


def check_file(path: Path, form_id: str | None = None) -> tuple[TemplateFinding, ...]:
    """Return everything that is wrong with a template, ``()`` for one that may be used.

    The form is ``form_id``, else read off the path, ``<notice>/<annex>.docx`` or ``.html``. Raises
    UnknownFormError where neither tells, UnreadableInputError where there is no such file or it is no template.
    """
    if path.suffix.lower() not in {".docx", ".html"}:
        raise UnreadableInputError(f"{quoted(path.name)}不是模板", "模板是 .docx 或 .html 文件")
    return _bounded(_of_file(path, get_form(form_id) if form_id else _form_of(path)))


def check_word(data: bytes, form: Form) -> tuple[TemplateFinding, ...]:
    """Return everything that is wrong with a Word template that came without a path."""
    return _bounded(_findings(partial(word.check, data, form)))


def _bounded(findings: Iterator[TemplateFinding]) -> tuple[TemplateFinding, ...]:
    found = list(islice(findings, MOST_FINDINGS + 1))
    if len(found) > MOST_FINDINGS:
        found[MOST_FINDINGS:] = [
            TemplateFinding(
                "more-findings", Place("全文"), f"问题超过 {MOST_FINDINGS} 处，其余未列出", "请先改正以上各处再检查"
            )
        ]
    return tuple(found)


def _form_of(path: Path) -> Form:
    resolved = path.resolve()
    form = all_forms().get(f"{resolved.parent.name}/{resolved.stem}")
    if form is None:
        raise UnknownFormError(
            f"从路径看不出{quoted(path.name)}是哪张表的模板", "请加 --form，例如 --form caq-2026/application"
        )
    return form


def _of_file(path: Path, form: Form) -> Iterator[TemplateFinding]:
    def check() -> Iterator[TemplateFinding]:
        data = read_bounded(path)
        return word.check(data, form) if path.suffix.lower() == ".docx" else html.check(data, path, form)

    return _findings(check)


def _findings(check: Callable[[], Iterator[TemplateFinding]]) -> Iterator[TemplateFinding]:
    try:
        yield from check()
    except RefusedFileError as error:
        yield TemplateFinding(error.code, Place("文件", "", error.member), error.detail, error.remedy)
    except TemplateError as error:
        yield TemplateFinding("damaged", Place("文件"), error.detail, error.remedy)
    except RecursionError:
        yield TemplateFinding("jinja-syntax", Place("全文"), "占位符或语句嵌套太深", "请拆成几个简单的占位符")
