"""What the public learns, on both databases, also of a database that somebody has changed by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from registry_data import DAY, ORG, WHY, corrected, person, record, released, tampered
from sqlalchemy import Engine, event

from docgen.certificates import code as codes
from docgen.certificates.sample import SAMPLE_CODE
from docgen.certificates.states import ReasonClass, State
from docgen.issuing import changing, verifying
from docgen.issuing.changing import Reason
from docgen.issuing.verifying import FileAnswer, NameAnswer, Result
from docgen.store import events, filings, organisations
from docgen.store.database import DatabaseError
from docgen.store.events import Step
from docgen.store.filings import Filed
from docgen.store.misses import MOST, Guess

if TYPE_CHECKING:
    from databases import PostgreSQL, Site

    from docgen.issuing.registry import Desk
    from docgen.issuing.verifying import Verification
    from docgen.store.records import Record

NAME = "欧阳知远"
HERE = "203.0.113.7"
ON_THE_DAY = date.fromisoformat(DAY)


def look(desk: Desk, code: str, *, today: date = ON_THE_DAY, address: str = HERE) -> Verification:
    return verifying.verify(desk.registry, code, address, today)


def result(desk: Desk, code: str, today: date = ON_THE_DAY) -> Result:
    return look(desk, code, today=today).result


def told(answer: Verification) -> dict[str, object]:
    """Return what an answer says, but for the question itself and the moment."""
    return {field.name: getattr(answer, field.name) for field in fields(answer) if field.name not in {"code", "as_of"}}


@pytest.fixture
def one(desk: Desk) -> Record:
    (made,) = released(desk, [NAME])
    return made


def test_a_valid_certificate_says_all_that_the_paper_must_say(desk: Desk, one: Record) -> None:
    answer = look(desk, codes.grouped(one.code).lower())
    assert (answer.result, answer.code) == (Result.VALID, one.code)
    assert answer.association == "云岭省质量管理协会"
    assert answer.claims is not None
    assert (answer.claims.number, answer.claims.award) == ("QG-GL-2026-000001", "轻工行业优秀质量管理者")
    assert list(answer.claims.shown()) == [("单位名称", ORG)]
    assert list(answer.claims.people()) == [("姓名", (NAME,))]


def test_an_answer_takes_two_statements_however_long_the_life(desk: Desk, one: Record) -> None:
    for state in (State.SUSPENDED, State.ISSUED, State.REVOKED):
        changing.change(desk, one.number, state, WHY)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        look(desk, one.code)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


def test_a_well_formed_code_that_never_was_is_unknown(desk: Desk, one: Record) -> None:
    assert result(desk, codes.make()) is Result.UNKNOWN
    assert result(desk, one.code) is Result.VALID


def test_what_is_not_yet_released_answers_like_what_never_was(desk: Desk) -> None:
    (pending,) = record(desk, [NAME], "k")
    assert told(look(desk, pending.code)) == told(look(desk, codes.make()))
    assert look(desk, pending.code).result is Result.UNKNOWN


@pytest.mark.parametrize("text", ["", "4C08RZHVKES5WWE9", "QG-GL-2026-000001", "章启明", "' OR 1=1 --", "\ud800"])
def test_what_is_no_code_is_answered_without_a_look_at_the_database(desk: Desk, one: Record, text: str) -> None:
    tampered(desk.registry, "ALTER TABLE certificates RENAME TO away")
    assert result(desk, text) is Result.MALFORMED
    assert result(desk, one.code) is Result.UNSURE


def test_a_sample_proves_nothing(desk: Desk) -> None:
    assert result(desk, SAMPLE_CODE) is Result.SAMPLE


def test_states_are_told_with_their_class_of_reason_and_nothing_about_the_holder(desk: Desk, one: Record) -> None:
    why = Reason(ReasonClass.DISPUTED, "内部调查：举报人王某")
    changing.change(desk, one.number, State.SUSPENDED, why)
    answer = look(desk, one.code)
    assert (answer.result, answer.claims) == (Result.SUSPENDED, None)
    assert answer.last is not None
    assert answer.last.step.reason_class == "成果存在争议"
    changing.change(desk, one.number, State.ISSUED, Reason(ReasonClass.CLEARED, "查清"))
    assert result(desk, one.code) is Result.VALID
    changing.change(desk, one.number, State.REVOKED, Reason(ReasonClass.UNTRUE, "材料不实"))
    answer = look(desk, one.code)
    assert (answer.result, answer.claims) == (Result.REVOKED, None)


def test_what_was_void_is_void(desk: Desk) -> None:
    (pending,) = record(desk, [NAME], "k")
    with desk.registry.database.writing() as connection:
        events.add(connection, pending, Step(State.VOID, "cli:test", reason="制作失败"))
    answer = look(desk, pending.code)
    assert (answer.result, answer.claims) == (Result.VOID, None)


def test_of_three_corrections_only_the_last_code_is_valid(desk: Desk, one: Record) -> None:
    versions = [one]
    for step, change in enumerate(
        ({"name": "欧阳致远"}, {"org_name": "云岭日用陶瓷有限公司"}, {"closing": "特发此证。"})
    ):
        versions.append(corrected(desk, versions[-1], change, f"c{step}"))
        assert [result(desk, old.code) for old in versions[:-1]] == [Result.SUPERSEDED] * (step + 1)
        assert result(desk, versions[-1].code) is Result.VALID
    assert {version.number for version in versions} == {one.number}
    assert [version.version for version in versions] == [1, 2, 3, 4]
    assert len({version.code for version in versions}) == 4
    assert look(desk, versions[0].code).claims is None


def test_a_corrected_grade_is_what_the_new_code_says(desk: Desk) -> None:
    shared = {"org_name": ORG, "issued_on": DAY, "grade": "二等奖"}
    (one,) = released(desk, [NAME], certificate="shanxi-2025/certificate-promoter", shared=shared)
    new = corrected(desk, one, {"grade": "一等奖"}, "c")
    assert result(desk, one.code) is Result.SUPERSEDED
    claims = look(desk, new.code).claims
    assert claims is not None
    assert (claims.grade, claims.number, claims.version) == ("一等奖", "SXXX-TJ-2026-000001", 2)


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, Result.NOT_YET), (0, Result.VALID), (1, Result.VALID), (9999, Result.VALID)]
)
def test_the_clock_a_day_back_and_on(desk: Desk, one: Record, days: int, expected: Result) -> None:
    answer = look(desk, one.code, today=ON_THE_DAY + timedelta(days))
    assert answer.result is expected
    assert answer.claims is not None


def test_what_is_dated_tomorrow_is_not_yet_valid_and_no_name_is_compared(desk: Desk, one: Record) -> None:
    answer = look(desk, one.code, today=ON_THE_DAY - timedelta(1))
    assert verifying.check_name(desk.registry, answer, NAME) is NameAnswer.NOT_ASKED


# --- A hand in the database ----------------------------------------------------------------------------------------

EDITS = {
    "number": "UPDATE certificates SET number = 'QG-GL-2026-000009'",
    "version": "UPDATE certificates SET version = 2",
    "token": "UPDATE certificates SET token = REPLACE(token, 'a', 'b')",
    "token of nobody": "UPDATE certificates SET token = 'eyJhbGciOiJub25lIn0.e30.'",
    "no token": "UPDATE certificates SET token = ''",
    "organisation": "UPDATE certificates SET organisation_id = 'other'",
    "state revived": "UPDATE events SET state = 'issued' WHERE state = 'revoked'",
    "state begun otherwise": "UPDATE events SET state = 'issued' WHERE sequence = 1",
    "state of no kind": "UPDATE events SET state = 'valid' WHERE sequence = 3",
    "state empty": "UPDATE events SET state = '' WHERE sequence = 1",
    "first event taken away": "DELETE FROM events WHERE sequence = 1",
    "middle event taken away": "DELETE FROM events WHERE sequence = 2",
    "all events taken away": "DELETE FROM events",
    "event added": "INSERT INTO events SELECT certificate_id, 4, 'issued', at, actor, '', '' FROM events "
    "WHERE sequence = 3",
    "key taken away": "DELETE FROM signing_keys",
    "key exchanged": "UPDATE signing_keys SET public = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'",
    "key damaged": "UPDATE signing_keys SET public = 'xyz'",
    "key emptied": "UPDATE signing_keys SET public = ''",
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_database_changed_by_hand_is_never_taken_for_valid(desk: Desk, one: Record, edit: str) -> None:
    changing.change(desk, one.number, State.REVOKED, WHY)
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    tampered(desk.registry, EDITS[edit])
    answer = look(desk, one.code)
    assert (answer.result, answer.claims) == (Result.UNSURE, None)
    assert verifying.check_name(desk.registry, answer, NAME) is NameAnswer.NOT_ASKED


@pytest.mark.parametrize(
    "edit", ["number", "version", "token", "no token", "organisation", "key taken away", "key damaged"]
)
def test_a_valid_row_changed_by_hand_is_amber(desk: Desk, one: Record, edit: str) -> None:
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    tampered(desk.registry, EDITS[edit])
    assert result(desk, one.code) is Result.UNSURE


def test_a_code_changed_by_hand_is_amber_and_the_printed_one_unknown(desk: Desk, one: Record) -> None:
    other = codes.make()
    tampered(desk.registry, "UPDATE certificates SET code = :other", other=other)
    assert result(desk, other) is Result.UNSURE
    assert result(desk, one.code) is Result.UNKNOWN


def test_tokens_exchanged_between_two_rows_are_amber(desk: Desk) -> None:
    first, second = released(desk, [person(1), person(2)])
    tampered(
        desk.registry,
        "UPDATE certificates SET token = CASE id WHEN :first THEN :of_second ELSE :of_first END",
        first=first.id,
        of_first=first.token,
        of_second=second.token,
    )
    assert [result(desk, one.code) for one in (first, second)] == [Result.UNSURE] * 2


INSERTED = (
    "INSERT INTO certificates (organisation_id, batch_id, row, number, version, code, identity, token, created_at) "
    "SELECT organisation_id, batch_id, 7, number, 2, :code, 'x', {token}, created_at FROM certificates"
)
BROUGHT_TO_LIFE = (
    "INSERT INTO events SELECT c.id, e.sequence, e.state, e.at, e.actor, '', '' FROM certificates c, events e "
    "WHERE c.code = :code"
)


@pytest.mark.parametrize("token", ["''", "token"])
def test_a_row_inserted_without_a_signature_of_its_own_is_amber(desk: Desk, one: Record, token: str) -> None:
    code = codes.make()
    tampered(desk.registry, INSERTED.format(token=token), BROUGHT_TO_LIFE, code=code)
    assert result(desk, code) is Result.UNSURE
    assert result(desk, one.code) is Result.VALID


def test_a_database_that_cannot_be_read_is_amber(site: Site, request: pytest.FixtureRequest) -> None:
    desk = site.desk()
    (one,) = released(desk, [NAME])
    desk.registry.database.close()
    if site.is_sqlite:
        (site.data_dir / "docgen.sqlite3").rename(site.data_dir / "away")
        (site.data_dir / "docgen.sqlite3").mkdir()
        assert result(desk, one.code) is Result.UNSURE
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    server.kill()
    try:
        answer = look(desk, one.code)
    finally:
        server.start()
    assert (answer.result, answer.claims) == (Result.UNSURE, None)
    assert result(desk, one.code) is Result.VALID


# --- Names ---------------------------------------------------------------------------------------------------------


def check(desk: Desk, one: Record, typed: str) -> NameAnswer:
    return verifying.check_name(desk.registry, look(desk, one.code), typed)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (NAME, NameAnswer.SAME),
        (" 欧阳 知远　", NameAnswer.SAME),
        ("欧阳致远", NameAnswer.OTHER),
        ("欧阳**", NameAnswer.OTHER),
        ("\ud800", NameAnswer.OTHER),
        ("", NameAnswer.NOT_ASKED),
        ("　", NameAnswer.NOT_ASKED),
    ],
)
def test_a_name_is_compared_in_full(desk: Desk, one: Record, typed: str, answer: NameAnswer) -> None:
    assert check(desk, one, typed) is answer


def test_a_cloned_code_on_another_paper_is_found_out_by_the_name(desk: Desk) -> None:
    (one,) = released(desk, ["章启明"])
    assert check(desk, one, "章小明") is NameAnswer.OTHER  # masked alike: 章*明
    assert check(desk, one, "章启明") is NameAnswer.SAME


def test_after_five_wrong_names_a_certificate_is_locked_for_the_day_in_every_process(site: Site) -> None:
    here, there = site.desk(), site.desk()
    one, other = released(here, [NAME, "方知远"])
    for count in range(MOST[Guess.NAME]):
        assert check((here, there)[count % 2], one, f"猜{person(count)}") is NameAnswer.OTHER
    for desk in (here, there):
        assert check(desk, one, "再猜") is NameAnswer.LOCKED
        assert check(desk, one, NAME) is NameAnswer.LOCKED
        assert check(desk, other, "方知远") is NameAnswer.SAME
        assert result(desk, one.code) is Result.VALID


def test_right_names_are_never_counted(desk: Desk, one: Record) -> None:
    assert {check(desk, one, NAME) for _ in range(3 * MOST[Guess.NAME])} == {NameAnswer.SAME}


def test_guessing_at_once_gives_no_more_guesses(site: Site) -> None:
    desks = [site.desk() for _ in range(4)]
    (one,) = released(desks[0], [NAME])
    found = look(desks[0], one.code)
    with ThreadPoolExecutor(len(desks)) as pool:
        answers = list(
            pool.map(lambda n: verifying.check_name(desks[n % len(desks)].registry, found, f"猜{person(n)}"), range(40))
        )
    assert answers.count(NameAnswer.OTHER) == MOST[Guess.NAME]
    assert answers.count(NameAnswer.LOCKED) == 40 - MOST[Guess.NAME]


# --- Codes ---------------------------------------------------------------------------------------------------------


def test_wrong_codes_from_one_address_are_bounded_in_all_processes_and_right_ones_answered(site: Site) -> None:
    here, there = site.desk(), site.desk()
    (one,) = released(here, [NAME])
    (pending,) = record(here, ["方知远"], "pending")
    results = [result((here, there)[count % 2], codes.make()) for count in range(MOST[Guess.CODE] + 3)]
    assert results == [Result.UNKNOWN] * MOST[Guess.CODE] + [Result.LIMITED] * 3
    for desk in (here, there):
        assert result(desk, one.code) is Result.VALID
        assert told(look(desk, pending.code)) == told(look(desk, codes.make()))
        assert look(desk, pending.code).result is Result.LIMITED
        assert look(desk, codes.make(), address="203.0.113.8").result is Result.UNKNOWN


def test_neither_an_address_nor_a_code_is_kept_in_clear(desk: Desk, one: Record) -> None:
    wrong = codes.make()
    look(desk, wrong)
    check(desk, one, "猜猜看")
    with desk.registry.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM misses").all()
    assert len(rows) == 2
    assert not [text for text in (HERE, wrong, one.code, "猜猜看") if text in str(rows)]


# --- Files ---------------------------------------------------------------------------------------------------------


def filed(desk: Desk, one: Record, digest: str) -> None:
    with desk.registry.database.writing() as connection:
        filings.file(connection, {one.id: Filed("pdf", True, "t", digest, 1, "now")})  # noqa: FBT003  a row


def test_a_file_is_what_its_certificate_is_worth(desk: Desk) -> None:
    one, other = released(desk, [NAME, "方知远"])
    filed(desk, one, "a" * 64)
    filed(desk, other, "b" * 64)
    answer = verifying.check_file
    registry = desk.registry
    assert answer(registry, "A" * 64) is FileAnswer.ORIGINAL
    assert answer(registry, "a" * 64, one.code) is FileAnswer.ORIGINAL
    assert answer(registry, "a" * 64, other.code) is FileAnswer.ANOTHER
    for wrong in ("c" * 64, "", "a" * 63, "g" * 64, "\ud800"):
        assert answer(registry, wrong) is FileAnswer.NOT_ORIGINAL
    new = corrected(desk, one, {"name": "欧阳致远"}, "c")
    filed(desk, new, "d" * 64)
    assert answer(registry, "a" * 64) is FileAnswer.OLD_VERSION
    assert answer(registry, "a" * 64, new.code) is FileAnswer.OLD_VERSION
    assert answer(registry, "d" * 64, one.code) is FileAnswer.ORIGINAL
    changing.change(desk, other.number, State.REVOKED, WHY)
    assert answer(registry, "b" * 64) is FileAnswer.ENDED
    tampered(registry, "UPDATE certificates SET token = '' WHERE id = :new", new=new.id)
    assert answer(registry, "d" * 64) is FileAnswer.UNSURE


def test_a_file_of_what_is_not_released_is_not_known(desk: Desk) -> None:
    (pending,) = record(desk, [NAME], "k")
    filed(desk, pending, "a" * 64)
    assert verifying.check_file(desk.registry, "a" * 64) is FileAnswer.NOT_ORIGINAL


def test_an_error_of_the_database_never_shows_through(desk: Desk, one: Record) -> None:
    tampered(desk.registry, "DROP TABLE misses")
    assert look(desk, codes.make()).result is Result.UNSURE
    with pytest.raises(DatabaseError):
        check(desk, one, "猜")
