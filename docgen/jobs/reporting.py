"""The report of a batch: the list as it came in, row by row, with what became of each."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from docgen import rosters, strictjson
from docgen.certificates.code import grouped
from docgen.errors import ConflictError
from docgen.forms import catalogue
from docgen.jobs import desktop, intake
from docgen.rosters import Result, doubts, mending
from docgen.store import ledger
from docgen.store.ledger import ItemState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.issuing.registry import Desk
    from docgen.rosters import Roster
    from docgen.store.ledger import Item, Run

_EXCEL: Final = b"PK"
"""How every xlsx begins, and no JSON."""
_MENDED: Final = f'{{"{desktop.MENDED}": '.encode()
"""How our own list begins, and no order: an order has no such member."""


def report(desk: Desk, batch: int, *, reviewing: bool = False) -> bytes:
    """Return the report of a batch as xlsx; ``reviewing`` is for whoever decides on its release.

    Raises UnknownBatchError, and ConflictError where there is none: before the end of the batch and its release, and
    when its list has expired.
    """
    with desk.registry.database.reading() as connection:
        run = ledger.find(connection, desk.organisation, batch)
        items = ledger.all_items(connection, batch)
    if refusal := _none_yet(run, items, reviewing=reviewing):
        raise refusal
    data = desk.registry.files.get(run.details.roster_sha256)
    return desk.registry.press(written, data, run.form, tuple(map(_result, items)))


def written(data: bytes, form_id: str, results: Sequence[Result]) -> bytes:
    """Read a list as it came and write its report; ``results`` are those of the rows that were issued, in order."""
    listed = _read(data, form_id)
    if len(listed.good) != len(results):
        raise ConflictError(
            "这个版本的 docgen 读出的名单与颁发时不同，写不出报告", "请用颁发时的版本取报告，或逐份查看证书"
        )
    return rosters.report(replace(listed, warnings=(*listed.warnings, *doubts.find(listed, {}))), results)


def _read(data: bytes, form_id: str) -> Roster:
    if data.startswith(_EXCEL):
        return rosters.read(data, catalogue.get_form(form_id))
    if data.startswith(_MENDED):
        return mending.unpacked(json.loads(data)[desktop.MENDED]).roster
    raw = strictjson.parse(data, len(data))
    order = raw if isinstance(raw, dict) else {}
    return intake.plain(form_id, order.get("shared", {}), order.get("rows", ()))


def _none_yet(run: Run, items: Sequence[Item], *, reviewing: bool) -> ConflictError | None:
    if not run.ended_at:
        return ConflictError("这个批次还在制作，还没有报告", "请等制作完成")
    if not reviewing and not run.released_at and any(item.state is ItemState.MADE for item in items):
        return ConflictError("这个批次已制成，等待另一人复核发布，还没有报告", "请由另一人发布")
    if not run.details.roster_sha256:
        return ConflictError("这个批次的名单已过保存期，已经删除，没有报告了", "已颁发的证书仍可逐份查看和打印")
    return None


def _result(item: Item) -> Result:
    match item.state:
        case ItemState.MADE:
            return Result(item.record.number, grouped(item.record.code))
        case ItemState.CANCELLED:
            return Result(item.record.number, "", "批次已取消，没有颁发，编号不再使用", "仍要颁发的，请另外提交")
        case _:
            failure = item.failure
            reason = failure.detail if failure else "还没有制成"
            return Result(item.record.number, "", reason, failure.remedy if failure else "请等制作完成")
