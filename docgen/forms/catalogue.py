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
def _packages() -> Mapping[str, str]:
    """Return the packages of notices by the identifiers that their names stand for; nothing is imported yet."""
    own = folders.forms()
    if own and str(own) not in forms.__path__:
        forms.__path__.append(str(own))
    names = (module.name for module in pkgutil.iter_modules(forms.__path__) if module.ispkg)
    return MappingProxyType({name.replace("_", "-"): f"{forms.__name__}.{name}" for name in names})


@cache
def all_notices() -> Mapping[str, Notice]:
    """Return every notice by identifier."""
    found: dict[str, Notice] = {}
    for notice_id, package in _packages().items():
        notice: Notice = importlib.import_module(f"{package}.notice").NOTICE
        if notice.id != notice_id:
            raise RuntimeError(f"notice {notice.id} in {package}: misnamed")
        found[notice_id] = notice
    return MappingProxyType(found)


@cache
def all_forms() -> Mapping[str, Form]:
    """Return every form by identifier, notice by notice, in the order of annex labels."""
    return MappingProxyType({form.id: form for notice_id in sorted(all_notices()) for form in _forms_in(notice_id)})


@cache
def _forms_in(notice_id: str) -> tuple[Form, ...]:
    """Return the forms of one notice in the order of annex labels; who needs one form waits for its notice only."""
    package = importlib.import_module(_packages()[notice_id])
    modules = [one.name for one in pkgutil.iter_modules(package.__path__)]
    found: list[Form] = [
        importlib.import_module(f"{package.__name__}.{name}").FORM
        for name in modules
        if name != "notice" and not name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda form: (_annex_number(form.annex), form.stem)))


def look_again() -> None:
    """Forget what was found: a module has been added."""
    for known in (_packages, all_notices, all_forms, _forms_in):
        known.cache_clear()


def _annex_number(annex: str) -> int:
    """Return the number in an annex label (附件 2, 附件二：); forms without one come last."""
    digits = re.sub(r"\D", "", annex)
    numeral = next((place for place, char in enumerate("一二三四五六七八九", 1) if char in annex), None)
    return int(digits) if digits else numeral or 100


def get_form(form_id: str) -> Form:
    """Return a form, or say which identifiers come near."""
    notice_id = form_id.partition("/")[0]
    for form in _forms_in(notice_id) if notice_id in _packages() else ():
        if form.id == form_id:
            return form
    raise UnknownFormError(f"没有编号为{quoted(form_id)}的表", _suggest(form_id, all_forms()))


def get_notice(notice_id: str) -> Notice:
    """Return a notice, or say which identifiers come near."""
    try:
        return all_notices()[notice_id]
    except KeyError:
        raise UnknownFormError(f"没有编号为{quoted(notice_id)}的通知", _suggest(notice_id, all_notices())) from None


def forms_of(notice: Notice) -> tuple[Form, ...]:
    """Return the forms of one notice in the order of annex labels."""
    return _forms_in(notice.id)


def _suggest(wanted: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(wanted[:80], known, n=3, cutoff=0.4)
    return f"是否指 {'、'.join(near)}？" if near else "用 docgen forms 查看全部编号"
