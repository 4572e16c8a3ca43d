"""What a page shows of a form: hints of the notice, counts, rows, and what is wrong beside its field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from docgen import service
from docgen.filling import entries, overview
from docgen.filling.entries import Asker, Block, Entry, Field, Lines, Rows
from docgen.forms import catalogue
from docgen.forms.shape import LeafKind

if TYPE_CHECKING:
    from docgen.errors import Fault

FORMS = catalogue.all_forms()
CAQ = catalogue.get_notice("caq-2026")
APPLICATION = FORMS["caq-2026/application"]


def shown(form_id: str, raw: dict[str, Any], faults: tuple[Fault, ...] = (), extra: str = "") -> tuple[Entry, ...]:
    form = FORMS[form_id]
    sentences = catalogue.get_notice(form.notice_id).sentences
    wrong = entries.spotted(faults, form.shape, {})
    return Asker(sentences, entries.usual(form), extra).entries(form.shape, raw, wrong)


def found(all_entries: tuple[Entry, ...], name: str) -> Any:
    entry = entries.named(all_entries, name)
    assert entry is not None, name
    return entry


def test_hints_are_the_notice_word_for_word() -> None:
    page = shown("caq-2026/application", {})
    assert found(page, "activity_summary").hint == CAQ.sentences["C10"]
    for rule in ("C17", "C03"):
        assert CAQ.sentences[rule] in found(page, "topics").hint


def test_long_texts_are_counted_in_words_and_lines_in_characters() -> None:
    page = shown("caq-2026/application", {"activity_summary": "共 12 次 ok", "group_name": "攀登者"})
    summary, name = found(page, "activity_summary"), found(page, "group_name")
    assert (summary.counts, summary.count, summary.limit) == ("words", 4, 3000)
    assert (name.counts, name.count, name.limit) == ("characters", 3, 40)


def test_lists_show_rows_for_what_is_there_and_one_more_where_asked() -> None:
    topics = [{"topic_name": "甲"}, {"topic_name": "乙"}]
    assert len(found(shown("caq-2026/application", {}), "topics").rows) == 1
    assert len(found(shown("caq-2026/application", {"topics": topics}), "topics").rows) == 2
    more = found(shown("caq-2026/application", {"topics": topics}, extra="topics"), "topics")
    assert (len(more.rows), more.full) == (3, True)
    assert found(shown("caq-2026/application", {}), "attachments").rows == ()


@pytest.mark.parametrize(
    ("form_id", "name", "look"),
    [
        ("caq-2026/application", "topics", "cards"),
        ("caq-2026/application", "attachments", "table"),
        ("shanxi-2025/group-registration", "members", "table"),
        ("caq-2026/summary", "items", "cards"),
        ("shanxi-2025/achievement-report", "sections.0.pictures", "album"),
    ],
)
def test_lists_look_as_their_rows_need(form_id: str, name: str, look: str) -> None:
    assert found(shown(form_id, {}), name).look == look


def test_names_are_lines_of_one_field() -> None:
    members = found(shown("caq-2026/application", {"members": ["章启明", "卢思远"]}), "members")
    assert isinstance(members, Lines)
    assert (members.value, members.count, members.maximum) == ("章启明\n卢思远", 2, 10)


def test_faults_stand_at_their_fields_and_gaps_apart_from_them() -> None:
    raw = service.sample(APPLICATION) | {"members": ["章启明", "卢、秦"], "group_name": "字" * 41}
    raw["topics"][1]["period"] = {"start": "2025-03"}
    del raw["org_name"]
    page = shown("caq-2026/application", raw, service.check(APPLICATION, raw).faults)
    assert found(page, "members").faults == ("第 2 行：每行只填一个姓名，有多人时一人一行",)
    assert "最多 40 个字符" in found(page, "group_name").faults[0]
    assert (found(page, "org_name").faults, found(page, "org_name").later) == ((), ("必须填写",))
    assert found(page, "topics.1.period").later == ("结束年月必须填写",)


def test_a_whole_list_can_be_wrong() -> None:
    raw = service.sample(APPLICATION) | {"topics": service.sample(APPLICATION)["topics"] * 2}
    assert found(shown("caq-2026/application", raw, service.check(APPLICATION, raw).faults), "topics").faults


def test_dates_that_a_browser_cannot_show_stay_to_be_read() -> None:
    page = shown("caq-2026/application", {"sealed_on": "六月四日"})
    assert not found(page, "sealed_on").well_written
    assert found(shown("caq-2026/application", {"sealed_on": "2026-06-04"}), "sealed_on").well_written
    half = {"topics": [{"period": {"start": "去年", "end": "2025-01"}}]}
    assert not found(shown("caq-2026/application", half), "topics.0.period").well_written


def test_a_new_page_is_filled_with_what_is_usual() -> None:
    usual = entries.usual(FORMS["caq-2026/certificate-group"])
    assert usual["closing"] == "特发此证，以资鼓励。"
    assert usual["issuers"] == ["中国质量协会"]
    closing = found(shown("caq-2026/certificate-group", {}), "closing")
    assert (closing.value, closing.usual) == ("", "特发此证，以资鼓励。")


@pytest.mark.parametrize("form_id", FORMS)
def test_whatever_a_file_says_can_be_shown(form_id: str) -> None:
    """Uploaded JSON may hold anything at any place."""
    for junk in (None, True, 7, 0.5, "字", [], [None, 1], {}, {"x": 1}):
        raw = dict.fromkeys(FORMS[form_id].shape.fields, junk)
        assert len(shown(form_id, raw)) == len(raw)


def test_every_field_has_its_own_name() -> None:
    for form_id, form in FORMS.items():
        names: list[str] = []

        def walk(all_entries: tuple[Entry, ...], names: list[str] = names) -> None:
            for entry in all_entries:
                names.append(entry.name)
                match entry:
                    case Block():
                        walk(entry.entries)
                    case Rows():
                        walk(entry.rows)
                    case Field(kind=LeafKind.CHOICE | LeafKind.CHOICES):
                        assert entry.options

        walk(shown(form_id, service.sample(form)))
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("as_of", "left", "said", "tone"),
    [
        (date(2026, 10, 1), 29, "还有 29 天", "good"),
        (date(2026, 10, 20), 10, "还有 10 天", "doubt"),
        (date(2026, 10, 30), 0, "今天截止", "doubt"),
        (date(2026, 11, 2), -3, "已过 3 天", "plain"),
    ],
)
def test_days_are_counted_to_the_deadline(as_of: date, left: int, said: str, tone: str) -> None:
    (due,) = overview.listed(CAQ, as_of).dues
    assert (due.left, due.said, due.tone) == (left, said, tone)


def test_notices_that_can_still_be_answered_stand_first() -> None:
    order = [one.notice.id for one in overview.all_listed(date(2026, 7, 1))]
    assert order[:3] == ["hunan-2026", "qinghai-2026", "caq-2026"]
    assert overview.all_listed(date(2026, 11, 20))[0].notice.id == "caq-2026"


def test_every_form_is_listed_once() -> None:
    listed = [form.id for one in overview.all_listed() for form in (*one.forms, *one.others)]
    assert sorted(listed) == sorted(FORMS)
