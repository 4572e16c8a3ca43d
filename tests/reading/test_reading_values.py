"""What people write for dates, months, numbers and names, and what is not guessed."""

import pytest

from docgen.forms.shape import Leaf, LeafKind
from docgen.reading.values import read_day, read_names, read_tick, read_value


def value(kind: LeafKind, text: str, title: str = "栏目", options: tuple[str, ...] = ()) -> object:
    return read_value(Leaf(title, kind, options=options), text).value


@pytest.mark.parametrize(
    "text",
    [
        "2026年6月4日",
        "2026 年 6 月 4 日",
        "2026-06-04",
        "2026.6.4",
        "２０２６／６／４",
        "二〇二六年六月四日",
        "2026-06-04 00:00:00",
    ],
)
def test_days(text: str) -> None:
    assert read_day(text).value == "2026-06-04"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二五年十月三十日", "2025-10-30"),
        ("二○二四年十二月二十一日", "2024-12-21"),
        ("一九九九年一月十日", "1999-01-10"),
    ],
)
def test_days_in_numerals(text: str, day: str) -> None:
    assert read_day(text).value == day


@pytest.mark.parametrize("text", ["", "　　年　　月　　日", "____年__月__日", " / / ", "年 月 日"])
def test_blank_days(text: str) -> None:
    assert (read_day(text).value, read_day(text).code) == (None, "")


@pytest.mark.parametrize("text", ["2026年", "04/06/2026", "2026年13月1日", "二〇二六年二月三十日", "2026.6", "今天"])
def test_days_that_are_not_guessed(text: str) -> None:
    assert (read_day(text).value, read_day(text).code) == (None, "date-unreadable")


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月—2025年2月",
        "2024.3-2025.2",
        "2024-03至2025-02",
        "2024-03-2025-02",
        "2024/3～2025/2",
        "2024年3月到2025年2月",
    ],
)
def test_periods(text: str) -> None:
    assert value(LeafKind.PERIOD, text) == {"start": "2024-03", "end": "2025-02"}


@pytest.mark.parametrize("text", ["2024年3月", "2024年3月—12月", "2024—2025", "3月—5月"])
def test_periods_that_are_not_guessed(text: str) -> None:
    assert value(LeafKind.PERIOD, text) is None


@pytest.mark.parametrize("text", ["1985年6月", "1985-06", "1985.6", "1985/06", "1985-06-01"])
def test_months(text: str) -> None:
    assert value(LeafKind.MONTH, text) == "1985-06"


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("１２", 12), ("1,234", 1234), ("0", 0), ("12.0", 12), ("98.5", 98.5), ("98.5%", 98.5)],
)
def test_numbers(text: str, number: float) -> None:
    assert value(LeafKind.NUMBER, text, "普及率（%）") == number


@pytest.mark.parametrize("text", ["12人", "约12", "1,23", "十二", "12-13", "1.2.3", "一"])
def test_numbers_that_are_not_guessed(text: str) -> None:
    assert value(LeafKind.NUMBER, text) is None
    assert read_value(Leaf("栏目", LeafKind.INTEGER), text).code == "number-unreadable"


def test_a_unit_that_the_label_names_is_no_doubt() -> None:
    assert value(LeafKind.NUMBER, "86.42万元", "年可计算经济效益（万元）") == 86.42


def test_whole_numbers_want_no_fraction() -> None:
    assert value(LeafKind.INTEGER, "2.5") is None


@pytest.mark.parametrize(
    ("text", "option"), [("创新型", "创新型"), (" 创 新 型 ", "创新型"), ("创新", None), ("", None)]
)
def test_choices(text: str, option: str | None) -> None:
    assert value(LeafKind.CHOICE, text, options=("问题解决型", "创新型")) == option


@pytest.mark.parametrize("text", ["张三、李四", "张三，李四", "张三；李四；", "张三\n李四", " 张三 、 李四 "])
def test_names(text: str) -> None:
    assert read_names(text).value == ["张三", "李四"]


@pytest.mark.parametrize("text", ["张三 李四", "张三丰　李四光"])
def test_names_without_a_mark_between_are_not_guessed(text: str) -> None:
    assert (read_names(text).value, read_names(text).code) == (None, "names-unclear")


def test_a_foreign_name_keeps_its_spaces() -> None:
    assert read_names("John A. Smith、王五").value == ["John A. Smith", "王五"]


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        ("☑", True),
        ("■", True),
        ("√", True),
        ("☒", True),
        ("v", True),
        ("□√", True),
        ("[√]", True),
        ("□", False),
        ("☐", False),
        ("○", False),
        ("[ ]", False),
        ("", None),
        ("×", None),
        ("√□", None),
        ("?", None),
    ],
)
def test_ticks(mark: str, state: bool | None) -> None:  # noqa: FBT001  a case of the table
    assert read_tick(mark) is state
