"""Every form's page and back: what is filled in comes back as the same submission."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from filled_pages import sent
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen import service
from docgen.filling import asking
from docgen.forms import catalogue, checking
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series

FORMS = catalogue.all_forms()
APPLICATION = FORMS["caq-2026/application"]
REPORT = FORMS["shanxi-2025/achievement-report"]


def asked(form_id: str, **answers: str | list[str]) -> dict[str, Any]:
    """Return what a page says; names stand with __ for their dots."""
    flat = {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in answers.items()}
    return asking.condensed(asking.answered(FORMS[form_id].shape, flat)).submission


@pytest.mark.parametrize("form_id", FORMS)
def test_the_sample_fills_the_page_and_comes_back(form_id: str) -> None:
    form = FORMS[form_id]
    sample = service.sample(form)
    back = asking.condensed(asking.answered(form.shape, sent(form, sample))).submission
    before, after = (checking.validate(form, one).model_dump(mode="json") for one in (sample, back))
    assert after == before


@pytest.mark.parametrize("form_id", FORMS)
def test_an_empty_page_asks_for_what_is_required_and_says_nothing_else(form_id: str) -> None:
    form = FORMS[form_id]
    blank = asking.condensed(asking.answered(form.shape, sent(form, {}))).submission
    assert asking.is_blank(blank)
    codes = {fault.code for fault in service.check(form, blank).faults}
    assert codes <= {"missing", "too_short", "target_origin"}


CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
TEXTS = st.text(CHARACTERS).map(lambda text: f"字{text}字")
DAYS = st.dates(date(1900, 1, 1)).map(str)
MONTHS = DAYS.map(lambda day: day[:7])


PLAIN = {
    LeafKind.LINE: TEXTS,
    LeafKind.TEXT: TEXTS,
    LeafKind.PICTURE: TEXTS,
    LeafKind.INTEGER: st.integers(-(10**9), 10**9),
    LeafKind.NUMBER: st.integers(0, 10**9) | st.integers(0, 10**8).map(lambda number: number + 0.25),
    LeafKind.DATE: DAYS,
    LeafKind.MONTH: MONTHS,
    LeafKind.PERIOD: st.fixed_dictionaries({"start": MONTHS, "end": MONTHS}),
}


def given_to(node: Node) -> st.SearchStrategy[Any]:
    """Return plain data of a node as a page can hold it."""
    match node:
        case Leaf(kind=LeafKind.CHOICE):
            return st.sampled_from(node.options)
        case Leaf(kind=LeafKind.CHOICES):
            return st.lists(st.sampled_from(node.options), unique=True, min_size=1)
        case Leaf():
            return PLAIN[node.kind]
        case Group():
            return st.fixed_dictionaries({name: given_to(one) for name, one in node.fields.items()})
        case Series():
            return st.lists(given_to(node.item), min_size=1, max_size=3)


@pytest.mark.parametrize("form_id", ["caq-2026/application", "hunan-2026/statistics", "shanxi-2025/achievement-report"])
def test_whatever_a_page_holds_comes_back(form_id: str) -> None:
    form = FORMS[form_id]

    @settings(max_examples=25, deadline=None)
    @given(given_to(form.shape))
    def holds(raw: dict[str, Any]) -> None:
        assert asking.condensed(asking.answered(form.shape, sent(form, raw))).submission == raw

    holds()


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text("abcdefgiklmnoprstuvxyz_.0123456789/~", max_size=40), st.lists(st.text(), max_size=2)))
def test_whatever_is_sent_ends_in_a_verdict(answers: dict[str, list[str]]) -> None:
    shown = asking.answered(APPLICATION.shape, answers)
    assert service.check(APPLICATION, asking.condensed(shown).submission).faults


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-06-04", "2026-06-04"),
        (" 2026年6月4日 ", "2026-06-04"),
        ("2026.6.4", "2026-06-04"),
        ("２０２６／６／４", "2026-06-04"),
        ("20260604", "2026-06-04"),
        ("六月四日", "六月四日"),
        ("2026-6", "2026-6"),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert asked("caq-2026/application", sealed_on=typed)["sealed_on"] == read


@pytest.mark.parametrize(
    ("typed", "count", "money"),
    [
        ("12", 12, 12),
        ("１２", 12, 12),
        ("1,234", 1234, 1234),
        ("98.55", "98.55", 98.55),
        ("-3", -3, -3),
        ("12人", "12人", "12人"),
        ("1e5", "1e5", "1e5"),
        ("9" * 40, "9" * 40, "9" * 40),
    ],
)
def test_numbers_are_read_and_what_is_none_stays_for_the_verdict(typed: str, count: object, money: object) -> None:
    read = asked("hunan-2026/group-achievement", member_count=typed, economic_benefit=typed)
    assert (read["member_count"], read["economic_benefit"]) == (count, money)


def test_months_are_read_and_half_a_period_is_told() -> None:
    read = asked("hunan-2026/group-achievement", period__start="2024年3月", period__end="")
    assert read["period"] == {"start": "2024-03"}


def test_blank_rows_are_left_out_and_faults_find_the_rows_of_the_page() -> None:
    answers = {
        "topics.0.topic_name": [""],
        "topics.2.topic_name": ["甲"],
        "topics.1.recognition": [],
        "topics.7.topic_name": ["乙"],
    }
    shown = asking.answered(APPLICATION.shape, answers)
    assert [topic.get("topic_name") for topic in shown["topics"]] == [None, None, "甲", "乙"]
    told = asking.condensed(shown)
    assert [topic["topic_name"] for topic in told.submission["topics"]] == ["甲", "乙"]
    assert asking.anchor("/topics/1/period", APPLICATION.shape, told.names) == "topics.3.period"
    assert asking.anchor("/topics", APPLICATION.shape, told.names) == "topics"
    assert asking.anchor("/members/4", APPLICATION.shape, told.names) == "members"
    assert asking.anchor("/topics/0/period/end", APPLICATION.shape, told.names) == "topics.2.period"
    assert asking.anchor("", APPLICATION.shape, told.names) == ""


def test_lines_become_a_list_without_blank_ones() -> None:
    assert asked("caq-2026/application", members="章启明\r\n\r\n 卢思远 \r\n")["members"] == ["章启明", "卢思远"]


def test_a_group_that_may_be_left_out_is_left_out_when_nothing_stands_in_it() -> None:
    read = asked("caq-2026/application", compliance__seal_name=" ", contact__phone="")
    assert "compliance" not in read
    assert read["contact"] == {}


def test_what_no_page_can_show_is_left_out() -> None:
    raw = {
        "group_name": {"a": 1},
        "org_name": 7,
        "members": ["章启明", None, ["x"], True],
        "topics": [{"topic_name": "甲", "period": {"start": "2024-03", "end": 3, "x": 1}, "recognition": "国家级"}, 5],
        "contact": [],
        "nonsense": 1,
    }
    assert asking.holdable(APPLICATION.shape, raw) == {
        "org_name": 7,
        "members": ["章启明"],
        "topics": [{"topic_name": "甲", "period": {"start": "2024-03"}}],
    }


def test_pictures_find_the_rows_they_go_to() -> None:
    raw = asking.answered(REPORT.shape, {"sections.0.heading": [""], "sections.1.heading": ["乙"]})
    rows = asking.rows_at(REPORT.shape, raw, "sections.1.pictures")
    assert rows == []
    rows.append({"data": "x"})
    assert raw["sections"][1]["pictures"] == [{"data": "x"}]
    for name in ("sections.2.pictures", "sections.0.heading", "unknown", "", "sections", "introduction.x"):
        found = asking.rows_at(REPORT.shape, raw, name)
        assert found is None or name == "sections"
