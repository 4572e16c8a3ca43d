"""What the HTTP interface can do, said once: routes, access checks and the OpenAPI document follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from flask import Response

if TYPE_CHECKING:
    from docgen.store.keys import Scope

API: Final = "/api/v1"

View = Callable[..., Response]


class Access(StrEnum):
    """Who may ask, where no scope is needed."""

    OPEN = "open"
    ANY_KEY = "any-key"


class Subject(StrEnum):
    """What a request body is checked against: an operation gets one concrete path for each form or notice.

    The others have one path and a schema or a content type of their own.
    """

    FORM = "form"
    NOTICE = "notice"
    FILE = "file"
    """A filled Word or Excel file."""
    ORDER = "order"
    ROSTER = "roster"
    """An order with up to ten thousand rows, or an Excel file of them."""
    REASON = "reason"
    CORRECTION = "correction"
    CODE = "code"
    NAME = "name"
    """A code, a name: one field of a form on a page."""
    DIGEST = "digest"


class Result(StrEnum):
    """An answer that is no JSON of a schema of ours."""

    DOCUMENT = "document"
    BLANK = "blank"
    CERTIFICATE = "certificate"
    PACKAGE = "package"
    ARCHIVE = "archive"
    MERGED = "merged"
    SHEET = "sheet"
    METRICS = "metrics"
    PAGE = "page"
    JSON_SCHEMA = "json-schema"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the query; ``schema`` is JSON Schema."""

    name: str
    description: str
    schema: dict[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, which is written as in OpenAPI (``/forms/{notice}/{form}``).

    ``answer`` is a Result or the name of a schema in the OpenAPI document. ``problems`` are the statuses that the
    operation itself can end with, beside those that follow from its access and its body. ``creates`` is set where the
    same request with the same Idempotency-Key is done once: 201 when it was new, 200 when it was not; ``begins`` where
    it is begun once and goes on afterwards: 202.
    """

    method: str
    path: str
    tag: str
    summary: str
    answer: str
    description: str = ""
    access: Access | Scope = Access.ANY_KEY
    query: tuple[Parameter, ...] = ()
    body: Subject | None = None
    creates: bool = False
    begins: bool = False
    problems: tuple[int, ...] = ()

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")


class Operations(dict[str, tuple[Operation, View]]):
    """Operations with their views, by the view's name, in the order in which they were declared."""

    def add(self, operation: Operation) -> Callable[[View], View]:
        """Declare the decorated view to be this operation."""

        def declare(view: View) -> View:
            self[view.__name__] = (operation, view)
            return view

        return declare
