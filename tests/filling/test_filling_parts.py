"""Long lists a part at a time: whatever is done on any page is the same as on a page with the whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from filled_pages import sent
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen import service
from docgen.filling import asking, entries, keeping, parts
from docgen.filling.entries import Asker, Rows
from docgen.filling.keeping import Sheet
from docgen.filling.parts import MOST_ROWS, Part
from docgen.forms import catalogue

if TYPE_CHECKING:
    from filled_pages import Answers

    from docgen.issuing.registry import Desk

FORMS = catalogue.all_forms()
SUMMARY = FORMS["caq-2026/summary"]
THREE_LISTS = FORMS["shanxi-2025/recommendation-summary"]
REPORT = FORMS["shanxi-2025/achievement-report"]
FIELD = "group_name"


def listing(names: list[str]) -> dict[str, Any]:
    return {"items": [{FIELD: name} for name in names]}


def named(submission: dict[str, Any]) -> list[str]:
    return [row.get(FIELD, "") for row in submission.get("items", [])]


def long(count: int) -> dict[str, Any]:
    return listing([f"第{number}小组" for number in range(count)])


def kept(answers: Answers, whole: dict[str, Any]) -> dict[str, Any]:
    """Return the submission after a page was sent, as a draft keeps it."""
    shown = asking.condensed(asking.answered(SUMMARY.shape, answers)).submission
    return parts.joined(shown, whole, parts.sent(SUMMARY.shape, answers))


def acted(answers: Answers, act: str, row: str, text: str) -> Answers:
    """Return what a page sends after something was done with a row."""
    match act:
        case "write":
            return {**answers, f"{row}.{FIELD}": [text]}
        case "blank":
            return {**answers, f"{row}.{FIELD}": [""]}
        case "drop":
            return {name: values for name, values in answers.items() if not name.startswith(f"{row}.")}
    raise AssertionError(act)


ACTS = st.lists(
    st.tuples(st.sampled_from(["write", "blank", "drop", "add"]), st.integers(0, 30), st.sampled_from(["甲", "乙乙"])),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 14), st.data(), ACTS)
def test_acts_on_any_page_are_the_same_as_on_the_whole_list(count: int, data: st.DataObject, acts: Any) -> None:
    """The page is saved after every act, as it saves itself; it goes on showing the rows that were left blank."""
    before = data.draw(st.integers(0, count - 1))
    part = Part(before, data.draw(st.integers(0, count - before - 1)))
    start = long(count)
    page, whole = sent(SUMMARY, start, {"items": part}), sent(SUMMARY, start)
    draft = start
    for act, number, text in acts:
        rows = sorted({int(name.split(".")[1]) for name in page if name.endswith(f".{FIELD}")})
        if act == "add":
            if part.after:
                continue  # its button goes to the last part
            row = f"items.{max(rows, default=before) + 1}"
            page, whole = (acted(one, "write", row, text) for one in (page, whole))
        elif rows:
            row = f"items.{rows[number % len(rows)]}"
            page, whole = (acted(one, act, row, text) for one in (page, whole))
        draft = kept(page, draft)
        assert named(draft) == named(kept(whole, start))
    assert named(kept(page, kept(page, draft))) == named(draft), "sent again it changes nothing"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5), st.integers(0, 9), st.integers(0, 9))
def test_where_another_window_made_the_list_shorter_no_row_is_lost_or_doubled(
    now: int, before: int, after: int
) -> None:
    rows = list(range(now))
    joined = Part(before, after).joined(["新"], rows)
    others = [row for row in joined if row != "新"]
    assert joined.count("新") == 1
    assert others == sorted(set(others))
    if before + after >= now:
        assert others == rows


def test_what_is_not_shown_stays_as_it_is_even_blank_rows() -> None:
    rows: list[dict[str, Any]] = [{}, {FIELD: "甲"}, {FIELD: "乙"}, {}, {FIELD: 7, "topic_name": None}]
    page = sent(SUMMARY, {"items": rows}, {"items": Part(2, 2)})
    draft = kept(acted(page, "blank", "items.2", ""), {"items": rows})
    assert draft["items"] == [*rows[:2], *rows[3:]]
    again = kept(acted(page, "write", "items.2", "丙"), draft)
    assert again["items"] == [*rows[:2], {FIELD: "丙", "members": []}, *rows[3:]]


@pytest.mark.parametrize("told", ["", "100", "a,b", "-1,5", "1,2,3", "9999999,0", "１,２"])
def test_what_no_page_says_of_its_part_is_no_part(told: str) -> None:
    assert parts.sent(SUMMARY.shape, {"items.others": [told]}) == {}
    assert parts.sent(SUMMARY.shape, {"recommender.others": ["1,1"], "nonsense.others": ["1,1"]}) == {}


@pytest.mark.parametrize(
    ("count", "places", "extra", "part"),
    [
        (0, [], "", None),
        (MOST_ROWS, ["items.99"], "", None),
        (MOST_ROWS + 1, [], "", Part(0, 1)),
        (250, ["items.100"], "", Part(100, 50)),
        (250, ["items.199.group_name"], "", Part(100, 50)),
        (250, ["items.249"], "", Part(200, 0)),
        (250, ["items.999999"], "", Part(200, 0)),
        (200, ["items.200"], "", Part(100, 0)),
        (250, ["nonsense.3", "items", "items.x", ""], "", Part(0, 150)),
        (250, ["items.0"], "items", Part(200, 0)),
        (MOST_ROWS, [], "items", Part(100, 0)),
        (200, [], "items", Part(200, 0)),
        (99, [], "items", None),
    ],
)
def test_a_part_is_found_around_a_place(count: int, places: list[str], extra: str, part: Part | None) -> None:
    assert parts.around(SUMMARY.shape, long(count), places, extra).get("items") == part


def test_every_row_is_on_exactly_one_page_and_every_list_has_its_own_part() -> None:
    raw: dict[str, Any] = {
        name: [{}] * count for name, count in (("groups", 317), ("enterprises", 100), ("promoters", 101))
    }
    for row in range(317):
        found = parts.around(THREE_LISTS.shape, raw, [f"groups.{row}", "promoters.100"])
        assert found["groups"].before <= row < found["groups"].end(raw["groups"])
        assert found["promoters"] == Part(100, 0)
        assert "enterprises" not in found
    assert parts.around(THREE_LISTS.shape, {"groups": "x"}, ["groups.7"]) == {}


def test_a_page_shows_its_rows_with_their_own_numbers_and_what_can_be_done() -> None:
    raw = long(250)

    def shown(part: Part, extra: str = "") -> Rows:
        entry = entries.named(Asker({}, extra=extra, parts={"items": part}).entries(SUMMARY.shape, raw), "items")
        assert isinstance(entry, Rows)
        return entry

    middle = shown(Part(100, 50))
    assert [row.name for row in middle.rows] == [f"items.{row}" for row in range(100, 200)]
    assert middle.rows[0].title.endswith("第 101 项")
    assert (middle.total, middle.last, middle.roomy, list(middle.starts)) == (250, False, False, [0, 100, 200])
    last = shown(Part(200, 0), "items")
    assert (last.rows[-1].name, last.total, last.last, last.roomy) == ("items.250", 251, True, True)
    assert not shown(Part(150, 0)).roomy


def test_faults_of_other_rows_are_told_apart_and_those_shown_find_the_rows_of_the_page() -> None:
    """Every name is too long; a row was left blank on the page, so that the rows after it stand one place on there."""
    row, part = service.sample(SUMMARY)["items"][0], {"items": Part(10, 50)}
    whole = {"recommender": "协会", "items": [row | {FIELD: f"{number}{'字' * 60}"} for number in range(90)]}
    page = sent(SUMMARY, whole, part)
    page |= {name: [""] for name in page if name.startswith("items.15.")}
    told = asking.condensed(asking.answered(SUMMARY.shape, page), part)
    draft = kept(page, whole)
    faults = service.check(SUMMARY, draft).faults
    assert len(faults) == 89
    found = entries.spotted(faults, SUMMARY.shape, told.names, lambda pointer: parts.shows(part, draft, pointer))
    assert [one.place for one in found if one.shown] == [f"items.{row}.{FIELD}" for row in range(10, 40) if row != 15]
    assert [one.place for one in found if not one.shown] == [
        f"items.{row}.{FIELD}" for row in [*range(10), *range(39, 89)]
    ], "where they will be when their page is opened"
    for pointer, name in told.names.items():
        if pointer.count("/") == 2:
            assert page[f"{name}.{FIELD}"] == [draft["items"][int(pointer.split("/")[2])][FIELD]]
    entry = entries.named(Asker({}, parts=part).entries(SUMMARY.shape, whole, found), "items")
    assert isinstance(entry, Rows)
    assert [sum(len(field.faults) for field in row.entries) for row in entry.rows] == [1] * 5 + [0] + [1] * 24


@pytest.mark.parametrize(
    ("place", "row"),
    [("items.7.name", "items.7"), ("items.7", "items.7"), ("items", ""), ("contact.phone", ""), ("", "")],
)
def test_a_place_knows_its_row(place: str, row: str) -> None:
    assert parts.row_of(place) == row


def test_a_draft_keeps_the_rows_that_no_page_sent(desk: Desk) -> None:
    draft = keeping.bring(desk, 1, SUMMARY, long(250))
    window = {"items": Part(100, 50)}
    revision = keeping.opened(desk, SUMMARY, draft).draft.revision
    mine = keeping.save(desk, 1, SUMMARY, Sheet(draft, revision, "a", listing(["甲"]), window))
    whole = long(250)["items"]
    assert mine.submission == {"items": [*whole[:100], {FIELD: "甲"}, *whole[200:]]}
    assert keeping.opened(desk, SUMMARY, draft).submission == mine.submission
    late = keeping.save(desk, 1, SUMMARY, Sheet(draft, revision, "a", listing(["乙", "丙"]), window))
    assert named(late.submission)[99:103] == ["第99小组", "乙", "丙", "第200小组"]
    theirs = keeping.save(desk, 1, SUMMARY, Sheet(draft, revision, "b", listing(["丁"]), window))
    assert theirs.copied
    assert named(keeping.opened(desk, SUMMARY, theirs.draft).submission)[99:102] == ["第99小组", "丁", "第200小组"]
    assert keeping.opened(desk, SUMMARY, draft).submission == late.submission
