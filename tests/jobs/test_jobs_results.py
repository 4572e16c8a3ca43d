"""What a batch leaves: one PDF in the order of the roster that says what the single documents say, or none."""

from __future__ import annotations

import io
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from answers import idle
from registry_data import order

from docgen.issuing import orders
from docgen.issuing.gate import GateError
from docgen.issuing.registry import Desk, open_registry
from docgen.jobs import results, runs, working
from docgen.jobs.working import Shop
from docgen.render.stamp import stamping
from docgen.settings import Settings
from docgen.store import filings
from docgen.store.ledger import Details
from docgen.store.organisations import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ["章启明", "卢思远", "艾力·库尔班", "𠮷野遥", "欧阳雪"]
KANA = "さくら"
"""A name that stamping leaves to WeasyPrint."""


class Here:
    """Render processes that are this one."""

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*args))
        return future

    def result_of(self, future: Future[Any]) -> Any:
        return future.result()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    registry = open_registry(Settings(data_dir=tmp_path / "data"))
    yield Desk(registry, FIRST, "cli:test")
    registry.database.close()


def made(desk: Desk, names: list[str]) -> int:
    """Make a batch; return which."""
    wanted = order(names)
    batch = runs.begin(desk, idle(), orders.read(wanted), Details("批次", wanted["decision"], ""), "k").batch
    here: Any = Here()
    while working.work(Shop(desk.registry, here, threading.Event()), batch, "message"):
        pass
    return batch


def pages(data: bytes) -> list[str]:
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(data)]


def merged(desk: Desk, batch: int) -> list[str]:
    target = io.BytesIO()
    results.merged(desk, batch, target)
    return pages(target.getvalue())


def kept(desk: Desk, batch: int) -> list[str]:
    ids = [item.record.id for item in runs.items(desk, batch)]
    with desk.registry.database.reading() as connection:
        known = filings.filed_of(connection, ids, "pdf")
    return [pages(desk.registry.files.get(known[one].sha256))[0] for one in ids]


@pytest.mark.parametrize("place", [None, 0, 2, 5])
def test_one_pdf_says_what_the_single_documents_say_in_their_order(desk: Desk, place: int | None) -> None:
    names = list(NAMES)
    if place is not None:
        names.insert(place, KANA)
    batch = made(desk, names)
    found = merged(desk, batch)
    assert found == kept(desk, batch)
    assert all(name in page for name, page in zip(names, found, strict=True))


def test_nothing_is_handed_out_where_a_page_bears_another_s_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = made(desk, NAMES)
    whole, urls = stamping.code, []

    def first(url: str) -> bytes:
        urls.append(url)
        return whole(urls[0])

    monkeypatch.setattr(stamping, "code", first)
    with pytest.raises(GateError, match="二维码"):
        merged(desk, batch)


def test_several_indexes_hold_every_certificate_once_in_its_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_MOST_INDEXED", 2)
    found = dict(results.files(desk, made(desk, NAMES)))
    indexes = {name: "".join(pages(data)) for name, data in found.items() if "索引" in name}
    assert [*indexes] == ["证书索引-1.pdf", "证书索引-2.pdf", "证书索引-3.pdf"]
    assert [[name for name in NAMES if name in text] for text in indexes.values()] == [NAMES[:2], NAMES[2:4], NAMES[4:]]


def test_a_download_that_is_broken_off_leaves_nothing_at_work(desk: Desk) -> None:
    handed = results.files(desk, made(desk, NAMES))
    next(handed)
    handed.close()  # type: ignore[attr-defined]  # a generator
    assert not [one for one in threading.enumerate() if one.name.startswith("ThreadPoolExecutor")]
