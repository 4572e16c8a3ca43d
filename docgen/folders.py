"""Where forms, templates and samples are looked for: an association's own folders first, then what docgen brings.

Word templates that were taken into use in the browser win over all others: the last word is whoever's spoke last.
They are kept in the database, and every process that opens it puts copies of those in use into a folder below the data
folder (``docgen.store.shelf``), where render processes, which know no database, find them as any other file.

``DOCGEN_TEMPLATES_DIR`` holds changed templates (``docx/``, ``html/``); ``DOCGEN_NOTICES_DIR`` holds notices that
docgen does not bring, laid out as this project is: ``forms/``, ``templates/docx/``, ``templates/html/``, ``samples/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen import paths
from docgen.settings import settings

if TYPE_CHECKING:
    from pathlib import Path


def shelf(data_dir: Path) -> Path:
    """Return the folder for copies of the Word templates that were taken into use in the browser."""
    return data_dir.absolute() / "word-templates"


def templates(kind: str) -> tuple[Path, ...]:
    """Return the folders of templates of one kind (``docx`` or ``html``); a file in an earlier one wins."""
    own, notices = settings().templates_dir, settings().notices_dir
    found = [shelf(settings().data_dir)] if kind == "docx" else []
    found += [own / kind] if own else []
    if notices:
        found.append(notices / "templates" / kind)
    return (*found, paths.TEMPLATES / kind)


def template(kind: str, form_id: str) -> Path:
    """Return a form's template; where there is none, the place where docgen would bring it."""
    every = [folder / f"{form_id}.{kind}" for folder in templates(kind)]
    return next((path for path in every if path.is_file()), every[-1])


def sample(form_id: str) -> Path:
    """Return a form's sample submission."""
    notices = settings().notices_dir
    every = [folder / f"{form_id}.json" for folder in ([notices / "samples"] if notices else []) + [paths.SAMPLES]]
    return next((path for path in every if path.is_file()), every[-1])


def forms() -> Path | None:
    """Return the folder of the association's own notices, if there is one."""
    notices = settings().notices_dir
    return notices / "forms" if notices else None
