"""Erasing: documents of ended versions go, those that are still good stay, and the public is answered as before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from registry_data import order

from docgen.certificates.states import ReasonClass, State
from docgen.errors import ConflictError, UnknownCertificateError
from docgen.issuing import changing, issue, looking, printing, verifying
from docgen.issuing.changing import Correction, Reason
from docgen.issuing.verifying import Result
from docgen.store import drafts, users
from docgen.store.files import MissingFileError
from docgen.store.users import Role
from docgen.upkeep import retention

if TYPE_CHECKING:
    from docgen.issuing.registry import Desk

WHY = Reason(ReasonClass.WRONG_DATA, "登记有误")
NUMBER = "QG-GL-2026-000001"


def test_what_is_still_good_is_not_erased(desk: Desk) -> None:
    issue.issue(desk, order(["章一"]), "k")
    with pytest.raises(ConflictError, match="有效"):
        retention.erase(desk, NUMBER)
    with pytest.raises(UnknownCertificateError):
        retention.erase(desk, "QG-GL-2026-000009")
    changing.change(desk, NUMBER, State.SUSPENDED, WHY)
    with pytest.raises(ConflictError, match="暂停"):
        retention.erase(desk, NUMBER)


def test_the_old_version_s_file_goes_and_the_new_one_s_stays(desk: Desk) -> None:
    issue.issue(desk, order(["章一"]), "k")
    issue.reissue(desk, NUMBER, Correction({"name": "章壹"}, WHY), "r")
    new, old = looking.show(desk, NUMBER)
    assert retention.erase(desk, NUMBER) == 1
    with pytest.raises(MissingFileError):
        desk.registry.files.get(old.documents[0].sha256)
    assert printing.document(desk, NUMBER, "pdf").filed == new.documents[0]
    assert verifying.verify(desk.registry, old.record.code, "").result is Result.SUPERSEDED
    assert retention.erase(desk, NUMBER) == 1, "once more does no harm"


def test_drafts_go_when_nobody_touched_them_for_long(desk: Desk) -> None:
    with desk.registry.database.writing() as connection:
        user = users.add(connection, desk.organisation, "zhang", "章启明", Role.ISSUER)
        assert user
        begun = drafts.Begun("form", "caq-2026/application", "申报表", {"org_name": "云岭精密轴承制造有限公司"})
        kept = drafts.begin(connection, desk.organisation, user.id, begun)
    retention.expire(desk.registry, 1)
    with desk.registry.database.reading() as connection:
        assert drafts.get(connection, desk.organisation, "form", kept).body == begun.body
    retention.expire(desk.registry, 0)
    with desk.registry.database.reading() as connection, pytest.raises(drafts.UnknownDraftError):
        drafts.get(connection, desk.organisation, "form", kept)


def test_a_file_that_nobody_recorded_goes_after_a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    issue.issue(desk, order(["章一"]), "k")
    files = desk.registry.files
    orphan = files.keep("一份没有登记的名单".encode())
    assert retention.expire(desk.registry, 180) == 0
    assert files.get(orphan), "somebody may be about to record it"
    monkeypatch.setattr(retention, "_RECORDED_WITHIN", timedelta(0))
    assert retention.expire(desk.registry, 180) == 0
    with pytest.raises(MissingFileError):
        files.get(orphan)
    assert printing.document(desk, NUMBER, "pdf")
