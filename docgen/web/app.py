"""The Flask application: operations become routes, every request passes the key, every error leaves as a problem."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from docgen.errors import DocgenError
from docgen.web import api, batches, certificates, incoming, metrics, pages, problems, verify
from docgen.web.context import EXTENSION, Context, RenderSlots, context
from docgen.web.operations import Access, Operations
from docgen.web.problems import Problem, ProblemError
from docgen.web.readiness import Readiness
from docgen.web.staff import door
from docgen.web.staff import pages as staff_pages
from docgen.web.staff.house import ROUTES as STAFF_ROUTES
from docgen.web.staff.routes import STAFF

if TYPE_CHECKING:
    from docgen.issuing.registry import Registry
    from docgen.jobs.engine import Engine
    from docgen.settings import Settings

ACCESS_LOG: Final = "docgen.access"
_access = logging.getLogger(ACCESS_LOG)

SECURITY_HEADERS: Final = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
_MACHINE_PATHS: Final = ("/api/", "/.well-known/", "/verify/", "/healthz", "/readyz", "/openapi.json", "/metrics")
"""Where problems are JSON; people get a page everywhere else."""


DOWNLOADS: Final = 1
"""Archives that are put together at once."""


def create_app(settings: Settings, registry: Registry, engine: Engine) -> Flask:
    """Return the application of one installation; ``registry`` says where documents are made."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + settings.max_picture_bytes
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    rooms = (api, certificates, batches, verify, pages, metrics)
    operations = Operations({name: one for room in rooms for name, one in room.OPERATIONS.items()})
    slots, downloads = (
        RenderSlots(count, settings.render_wait_seconds) for count in (settings.render_slots, DOWNLOADS)
    )
    app.extensions[EXTENSION] = Context(settings, registry, engine, slots, downloads, Readiness(), operations)
    for name, (operation, view) in operations.items():
        app.add_url_rule(operation.rule, name, view, methods=[operation.method])
    for name, (route, view) in STAFF_ROUTES.items():
        app.add_url_rule(route.rule, name, view, methods=[route.method])
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, 0, 0)  # type: ignore[method-assign]  # Flask's own place for it
    app.before_request(_admit)
    app.after_request(_secured)
    app.after_request(_noted)
    app.register_error_handler(Exception, _told)
    return app


def _admit() -> Response | None:
    """Let a request in: its key before anything else, so that without one even unknown paths answer alike."""
    g.started = perf_counter()
    if _is_staff():
        return _admit_staff()
    declared = context().operations.get(request.endpoint or "")
    guarded = request.path.startswith("/api/") or (declared is not None and declared[0].access is not Access.OPEN)
    key = incoming.authenticate() if guarded else None
    g.key, g.key_id = key, key.id if key else "-"
    if key is not None and declared is not None:
        incoming.authorize(key, declared[0].access)
        g.query = incoming.read_query(declared[0])
    return None


def _is_staff() -> bool:
    return request.path == STAFF or request.path.startswith(f"{STAFF}/")


def _admit_staff() -> Response | None:
    known = STAFF_ROUTES.get(request.endpoint or "")
    if known:
        return door.admit(known[0])
    door.greet()
    return None


def _told(error: Exception) -> Response:
    match error:
        case ProblemError():
            problem = error.problem
        case DocgenError():
            problem = problems.of_error(error, context().slots.retry_seconds)
        case HTTPException():
            problem = problems.of_http(error)
        case _:
            problem = problems.of_bug(error)
    return _shown(problem)


def _shown(problem: Problem) -> Response:
    if request.path.startswith(_MACHINE_PATHS) or pages.wants_json():
        return problem.response()
    return staff_pages.problem_page(problem) if _is_staff() else pages.problem_page(problem)


def _secured(response: Response) -> Response:
    for name, value in SECURITY_HEADERS:
        response.headers.setdefault(name, value)
    return response


def _noted(response: Response) -> Response:
    """Write one line for each request: never the query, the body, or a path that a client made up."""
    rule = request.url_rule.rule if request.url_rule else "-"
    milliseconds = round(1000 * (perf_counter() - g.started)) if "started" in g else 0
    told = {"method": _method(), "rule": rule, "status": response.status_code}
    metrics.REQUESTS.labels(**told).inc()
    more = {"milliseconds": milliseconds, "key": g.get("key_id", "-")}
    _access.info("%s %s %d", *told.values(), extra=told | more)
    return response


def _method() -> str:
    """Return the method, if it is one: a client may send any word."""
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "-"
