"""What was tried and what is real never become each other, though both stand in one registry."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from registry_data import DAY, WHY, released

from docgen.errors import ConflictError, SubmissionError
from docgen.issuing import issue, verifying
from docgen.issuing.changing import Correction
from docgen.issuing.registry import Desk
from docgen.issuing.verifying import Result

if TYPE_CHECKING:
    from databases import Site

    from docgen.issuing.registry import Registry
    from docgen.issuing.verifying import Verification

NAME = "欧阳知远"


def look(desk: Desk, code: str) -> Verification:
    return verifying.verify(desk.registry, code, "203.0.113.7", date.fromisoformat(DAY))


def result(desk: Desk, code: str) -> Result:
    return look(desk, code).result


def test_what_a_trial_key_signed_is_never_valid_in_production(site: Site, registry: Registry) -> None:
    trial = type(site)(site.data_dir, site.database_url, "http://127.0.0.1:8080").desk()
    (one,) = released(trial, [NAME])
    assert result(trial, one.code) is Result.VALID
    real = Desk(registry, "main", "cli:test")
    answer = look(real, one.code)
    assert (answer.result, answer.claims) == (Result.TRIAL, None)
    (other,) = released(real, ["方知远"], "real")
    assert result(real, other.code) is Result.VALID
    assert result(trial, other.code) is Result.VALID


def test_a_roster_that_was_tried_can_be_issued_in_earnest(site: Site, registry: Registry) -> None:
    released(type(site)(site.data_dir, site.database_url, "http://127.0.0.1:8080").desk(), [NAME])
    real = Desk(registry, "main", "cli:test")
    (one,) = released(real, [NAME], "real")
    assert result(real, one.code) is Result.VALID
    with pytest.raises(SubmissionError) as told:
        released(real, [NAME], "again")
    assert [fault.code for fault in told.value.faults] == ["already_issued"]


@pytest.mark.parametrize("began", ["trial", "real"])
def test_a_correction_never_turns_a_trial_into_a_certificate_or_back(
    site: Site, registry: Registry, began: str
) -> None:
    trial = type(site)(site.data_dir, site.database_url, "http://127.0.0.1:8080").desk()
    real = Desk(registry, "main", "cli:test")
    first, other = (trial, real) if began == "trial" else (real, trial)
    (one,) = released(first, [NAME])
    with pytest.raises(ConflictError, match="试用"):
        issue.reissue(other, one.number, Correction({"name": "方知远"}, WHY), "correct")
    assert result(first, one.code) is Result.VALID
