"""What the staff pages can do, said once: routes and access checks follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Response

if TYPE_CHECKING:
    from docgen.store.users import Role

STAFF: Final = "/staff"

View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path below ``/staff``, written as Flask does. ``role`` is the least that may; None for all.

    ``long`` routes take forms with many fields and long texts.
    """

    method: str
    path: str
    role: Role | None
    long: bool = False

    @property
    def rule(self) -> str:
        """The whole path."""
        return STAFF + self.path


class Routes(dict[str, tuple[Route, View]]):
    """Routes with their views, by endpoint."""

    def add(self, method: str, path: str, role: Role | None, *, long: bool = False) -> Callable[[View], View]:
        """Declare the decorated view to answer a route; its endpoint is ``staff_<name of the view>``."""

        def declare(view: View) -> View:
            self[f"staff_{view.__name__}"] = (Route(method, path, role, long), view)
            return view

        return declare
