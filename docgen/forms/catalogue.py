"""All notices and forms, found by walking this package: adding a module is all it takes."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from docgen import folders, forms
from docgen.errors import UnknownFormError, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Form, Notice


@cache
def all_notices() -> Mapping[str, Notice]:
    """Return every notice by identifier."""
    found: dict[str, Notice] = {}
    own = folders.forms()
    if own and str(own) not in forms.__path__:
        forms.__path__.append(str(own))
    for module in pkgutil.iter_modules(forms.__path__):
        if module.ispkg:
            notice: Notice = importlib.import_module(f"{forms.__name__}.{module.name}.notice").NOTICE
            if notice.id in found or notice.id != module.name.replace("_", "-"):
                raise RuntimeError(f"notice {notice.id} in package {module.name}: duplicate or misnamed")
            found[notice.id] = notice
    return MappingProxyType(found)


@cache
def all_forms() -> Mapping[str, Form]:
    """Return every form by identifier, notice by notice, in the order of annex labels."""
    found: list[Form] = []
    for notice_id in all_notices():
        package = importlib.import_module(f"{forms.__name__}.{notice_id.replace('-', '_')}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name != "notice" and not module.name.startswith("_"):
                form: Form = importlib.import_module(f"{package.__name__}.{module.name}").FORM
                found.append(form)
    found.sort(key=lambda form: (form.notice_id, _annex_number(form.annex), form.stem))
    if len({form.id for form in found}) != len(found):
        raise RuntimeError("two forms share an identifier")
    return MappingProxyType({form.id: form for form in found})


def _annex_number(annex: str) -> int:
    """Return the number in an annex label (附件 2, 附件二：); forms without one come last."""
    digits = re.sub(r"\D", "", annex)
    numeral = next((place for place, char in enumerate("一二三四五六七八九", 1) if char in annex), None)
    return int(digits) if digits else numeral or 100


def get_form(form_id: str) -> Form:
    """Return a form, or say which identifiers come near."""
    try:
        return all_forms()[form_id]
    except KeyError:
        raise UnknownFormError(f"没有编号为{quoted(form_id)}的表", _suggest(form_id, all_forms())) from None


def get_notice(notice_id: str) -> Notice:
    """Return a notice, or say which identifiers come near."""
    try:
        return all_notices()[notice_id]
    except KeyError:
        raise UnknownFormError(f"没有编号为{quoted(notice_id)}的通知", _suggest(notice_id, all_notices())) from None


def forms_of(notice: Notice) -> tuple[Form, ...]:
    """Return the forms of one notice in the order of annex labels."""
    return tuple(form for form in all_forms().values() if form.notice_id == notice.id)


def _suggest(wanted: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(wanted[:80], known, n=3, cutoff=0.4)
    return f"是否指 {'、'.join(near)}？" if near else "用 docgen forms 查看全部编号"
