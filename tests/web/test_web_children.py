"""Templates that never end or eat all memory, asked for over HTTP: they cost one process, and the server lives on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cli_process import docgen
from web_server import Server, serving

from docgen.paths import SAMPLES, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMS = "/api/v1/forms/caq-2026"
APPLICATION = (SAMPLES / "caq-2026" / "application.json").read_bytes()
SUMMARY = (SAMPLES / "caq-2026" / "summary.json").read_bytes()
ENDLESS = "{% for a in org_name %}" * 12 + "{% endfor %}" * 12
BOMB = "{% set a = org_name ~ org_name %}" + "{% set a = a ~ a %}" * 30


@pytest.fixture(params=[ENDLESS, BOMB], ids=["endless", "bomb"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server with a template of the association's own that does harm."""
    changed = tmp_path / "templates" / "html" / "caq-2026" / "application.html"
    changed.parent.mkdir(parents=True)
    whole = (TEMPLATES / "html" / "caq-2026" / "application.html").read_text(encoding="utf-8")
    block = "{% block body %}"
    assert block in whole
    changed.write_text(whole.replace(block, block + request.param), encoding="utf-8")
    settings = {"render_seconds": "8", "render_memory_bytes": str(900 * 1024 * 1024)}
    with serving(tmp_path, templates_dir=str(tmp_path / "templates"), **settings) as running:
        yield running


def test_it_costs_one_process_and_one_answer(server: Server, tmp_path: Path) -> None:
    for _ in range(2):
        status, _, body = server.ask("POST", f"{FORMS}/application/render?format=pdf", APPLICATION)
        told = json.loads(body)
        assert (status, told["type"]) == (500, "urn:docgen:problem:render-killed"), told
        assert told["remedy"]
        assert server.ask("GET", "/healthz")[0] == 200
        assert server.ask("POST", f"{FORMS}/summary/render?format=pdf", SUMMARY)[0] == 200
    key = docgen(tmp_path, "api-keys", "add", "--scope", "admin", env={"DOCGEN_DATA_DIR": str(tmp_path / "data")})
    metrics = server.ask("GET", "/metrics", Authorization=f"Bearer {key.out.strip()}")[2].decode()
    ended = [line for line in metrics.splitlines() if line.startswith("docgen_render_processes_ended_total")]
    assert sum(float(line.split()[-1]) for line in ended) >= 2, metrics
    assert "Traceback" not in server.log.read_text(encoding="utf-8")
