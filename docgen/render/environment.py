"""The sandbox in which every template runs: plain data, our filters, macros of the house, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import BaseLoader, StrictUndefined
from jinja2.runtime import BlockReference, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from docgen.render.filters import FILTERS


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """Jinja without globals, methods or calls; a field may be called ``items`` without meeting ``dict.items``."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  jinja's own signature
        """Look names up in data only."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401  jinja's own signature
        """Only macros and blocks of templates can be called."""
        return isinstance(obj, Macro | BlockReference)


def sandbox(loader: BaseLoader | None = None) -> TemplateSandbox:
    """Return a fresh environment: escaping on, unknown names are errors."""
    environment = TemplateSandbox(loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False)
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment
