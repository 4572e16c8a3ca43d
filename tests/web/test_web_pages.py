"""Pages for people and answers for watchers."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from answers import problem

from docgen.certificates.sample import SAMPLE_CODE, sample_issue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient


class Parts(HTMLParser):
    """The addresses that a page names, and whatever its content security policy would not run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        for name, value in attrs:
            if name in {"src", "href"}:
                self.addresses.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"} and data.strip():
            self.inline.append(self._open)

    def handle_endtag(self, _tag: str) -> None:
        self._open = ""


@pytest.mark.parametrize("path", ["/docs", "/C/", f"/C/{SAMPLE_CODE}", "/C/1", "/nowhere"])
def test_pages_are_whole_and_ask_nobody_else(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.content_type == "text/html; charset=utf-8"
    assert 'lang="zh-CN"' in answer.text
    parts = Parts(answer.text)
    assert parts.inline == []
    assert parts.addresses
    for address in parts.addresses:
        assert address.startswith("/")
        assert stranger.get(address, buffered=True).status_code == 200, address


@pytest.mark.parametrize(
    "path", ["/C/0000000000000000", "/c/0000000000000000", "/C/0000-0000-0000-0000", "/c/0000000000000000?from=scan"]
)
def test_sample_page_says_that_it_proves_nothing(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert "<h1>样张，非证书</h1>" in answer.text
    assert "什么也不能证明" in answer.text
    assert "有效" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_qr_code_of_a_sample_opens_the_sample_page(stranger: FlaskClient) -> None:
    url = sample_issue("http://localhost")["url"]
    assert "样张，非证书" in stranger.get(url.removeprefix("http://localhost")).text


def test_unknown_pages_and_wrong_methods_are_pages_too(stranger: FlaskClient) -> None:
    assert "没有这个地址" in stranger.get("/nowhere").text
    answer = stranger.post("/docs")
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd"]
)
def test_static_files_stay_in_their_folder(stranger: FlaskClient, path: str) -> None:
    assert stranger.get(path).status_code == 404


def test_docs_ship_all_that_they_need_and_name_no_registry(stranger: FlaskClient) -> None:
    found = stranger.get("/docs").text
    script = stranger.get("/static/vendor/swagger-ui/swagger-ui-bundle.js", buffered=True).text
    sheet = stranger.get("/static/vendor/swagger-ui/swagger-ui.css", buffered=True).text
    assert "sourceMappingURL" not in script + sheet
    assert re.search(r"registry\.|unpkg|jsdelivr", script + sheet + found) is None
    assert "Apache License" in stranger.get("/static/vendor/swagger-ui/LICENSE", buffered=True).text


def test_health_is_open_and_short(stranger: FlaskClient) -> None:
    assert stranger.get("/healthz").json == {"status": "ok"}


def test_ready_when_everything_is_in_its_place(
    stranger: FlaskClient, tmp_path: Path, configure: Callable[..., None]
) -> None:
    tmp_path.chmod(0o700)
    configure(data_dir=str(tmp_path))
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_not_ready_says_what_is_wrong_but_not_where(
    stranger: FlaskClient, tmp_path: Path, configure: Callable[..., None]
) -> None:
    (tmp_path / "file").touch()
    configure(data_dir=str(tmp_path / "file"))
    told = problem(stranger.get("/readyz"), 503, "not-ready")
    assert "数据文件夹" in told["detail"]
    assert "docgen doctor" in told["remedy"]
    assert str(tmp_path) not in json.dumps(told)
