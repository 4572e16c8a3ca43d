"""Whatever fits the OpenAPI document, and what nearly fits it, is answered without a fault of the server."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from answers import idle
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from docgen.render.document import MEDIA_TYPES
from docgen.settings import Settings
from docgen.store.keys import Scope
from docgen.store.organisations import FIRST
from docgen.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemathesis import Case

    from docgen.issuing.registry import Registry

FEW = hypothesis.settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    deadline=None,
)


@schemathesis.serializer(MEDIA_TYPES["docx"], MEDIA_TYPES["xlsx"])
def as_file(_context: object, value: object) -> bytes:
    """No generator makes a Word file: whatever it made is sent in its place."""
    return repr(value).encode(errors="surrogatepass")


def operations(tmp_path: Path, registry: Registry) -> Iterator[Any]:
    """Walk the operations of the live document; those that exist once for every form are asked of one form."""
    app = create_app(Settings(data_dir=tmp_path / "data", render_wait_seconds=60), registry, idle())
    told: set[str] = set()
    for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # raises for what it could not read, as a test wants
        kind = operation.definition.raw["summary"].partition("：")[0]
        if kind not in told:
            told.add(kind)
            yield operation


@pytest.mark.parametrize("mode", GenerationMode)
def test_nothing_that_is_asked_makes_the_server_fail(mode: GenerationMode, tmp_path: Path, registry: Registry) -> None:
    """Valid and invalid requests, with a key that may do everything."""
    headers = {"Authorization": f"Bearer {registry.keyring.add(FIRST, *Scope)}"}
    asked = []
    for operation in operations(tmp_path, registry):

        @FEW
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case[Any]) -> None:
            answer = case.call(headers=headers)
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text[:500]}"

        with suppress(Unsatisfiable):  # what takes nothing from its caller cannot be asked wrongly
            ask()
            asked.append(operation.label)
    assert len(asked) > 25
