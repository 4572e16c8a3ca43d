"""Data of one unit for caq-2026, and a look into the zip that is made of it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

from docgen import service
from docgen.forms import catalogue

CAQ = catalogue.get_notice("caq-2026")
AS_OF = date(2026, 10, 1)
FOLDER = "云岭省质量管理协会"


def sample(stem: str, notice: str = "caq-2026") -> dict[str, Any]:
    """Return a sample submission."""
    return service.sample(catalogue.get_form(f"{notice}/{stem}"))


def application(number: int = 1, **changes: object) -> dict[str, Any]:
    """Return the application of one of several circles."""
    return sample("application") | {"group_name": f"攀登{number}号QC小组"} | changes


def opened(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip in order, after Python has checked their sums."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(data: bytes) -> Any:
    """Return the manifest of a package."""
    return json.loads(opened(data)["manifest.json"])
