"""Text in = text out, what cannot be printed is refused with its place, and 字 are counted as Word counts them."""

import unicodedata
from datetime import date
from typing import Annotated, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from docgen.fields import (
    MOST_CHARACTERS,
    STRICT,
    Distinct,
    Email,
    IsoDate,
    Line,
    OrgName,
    Period,
    PersonName,
    Phone,
    Words,
    YearMonth,
    count_words,
)

INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

SOME_LINE: TypeAdapter[str] = TypeAdapter(Annotated[str, Line(10_000)], config=STRICT)
SOME_WORDS: TypeAdapter[str] = TypeAdapter(Annotated[str, Words()], config=STRICT)


def is_illegal(char: str) -> bool:
    """The definition of the brief, written apart from the code under test."""
    point = ord(char)
    noncharacter = 0xFDD0 <= point <= 0xFDEF or point % 0x10000 in {0xFFFE, 0xFFFF}
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or noncharacter or char in INVISIBLE_LETTERS


any_char = st.characters(exclude_categories=())
legal_char = any_char.filter(lambda char: not is_illegal(char))
illegal_char = st.one_of(
    st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Cs"]),
    st.sampled_from([*INVISIBLE_LETTERS, "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"]),
)


def fault_of(adapter: TypeAdapter[Any], value: object) -> ErrorDetails:
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(value)
    (fault,) = caught.value.errors(include_url=False, include_input=False)
    return fault


def message_of(kind: Any, value: object) -> str:
    return fault_of(TypeAdapter(kind) if kind is Period else TypeAdapter(kind, config=STRICT), value)["msg"]


@given(st.text(legal_char, min_size=1))
@example("A<B & 质量<1%")
@example("{{7*7}} {% raw %} =1+1 \\a \\f {_{")
@example("\u212b\u2126\uf900")
@example("葛\U000e0100飾区")
def test_a_legal_line_is_kept_up_to_nfc(text: str) -> None:
    text = f"甲{text}乙"
    assert SOME_LINE.validate_python(text) == unicodedata.normalize("NFC", text)


@given(st.lists(st.text(legal_char), min_size=1), st.sampled_from(["\n", "\r\n"]))
def test_legal_words_are_kept_up_to_nfc_and_line_ends(lines: list[str], end: str) -> None:
    text = f"甲{end.join(lines)}乙"
    assert SOME_WORDS.validate_python(text) == unicodedata.normalize("NFC", "甲" + "\n".join(lines) + "乙")


@given(st.text(legal_char), illegal_char, st.text(any_char))
def test_an_illegal_character_in_a_line_is_refused_with_its_place(before: str, char: str, after: str) -> None:
    fault = fault_of(SOME_LINE, before + char + after)
    assert fault["type"] == "bad_character"
    assert fault["msg"].startswith(f"第 {len(before) + 1} 个字符是不能打印的")
    assert f"（U+{ord(char):04X}）" in fault["msg"]


@given(st.text(legal_char), illegal_char, st.text(any_char))
@example("甲", "\r", "乙")
@example("甲", "\r", "")
def test_an_illegal_character_in_words_is_refused_with_its_line(before: str, char: str, after: str) -> None:
    assume(char != "\n")
    assume(not (char == "\r" and after.startswith("\n")))
    msg = fault_of(SOME_WORDS, "第一行\r\n" + before + char + after)["msg"]
    assert msg.startswith(f"第 2 行第 {len(before) + 1} 个字符是不能打印的")
    assert f"（U+{ord(char):04X}）" in msg


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\t", "制表符"),
        ("\n", "换行"),
        ("\r\n", "回车"),
        ("\0", "控制字符"),
        ("\u200b", "零宽空格"),
        ("\u202e", "格式字符"),
        ("\u2028", "行分隔符"),
        ("\u2029", "段分隔符"),
        ("\ufeff", "字节顺序标记"),
        ("\xad", "软连字符"),
        ("\ud800", "残缺字符"),
        ("\uffff", "非字符"),
        ("\u3164", "空白占位符"),
    ],
)
def test_an_unprintable_character_is_called_by_its_name(char: str, name: str) -> None:
    assert f"不能打印的{name}（U+" in fault_of(SOME_LINE, f"甲{char}乙")["msg"]


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\xa0\u2003", "\ufe0f", " \u0301"])
def test_what_leaves_no_ink_is_blank(blank: str) -> None:
    assert fault_of(SOME_LINE, blank)["type"] == "blank"
    assert fault_of(SOME_WORDS, blank)["type"] == "blank"


@pytest.mark.parametrize("text", [" 甲", "甲 ", "甲\u3000", "\xa0甲"])
def test_a_line_has_no_spaces_at_its_ends_but_words_may(text: str) -> None:
    assert message_of(OrgName, text) == "首尾有空格，请删除"
    assert SOME_WORDS.validate_python(text) == text


@pytest.mark.parametrize("value", [None, 1, True, 1.5, b"x", ["x"], {"x": "x"}])
def test_only_text_is_text(value: object) -> None:
    assert fault_of(SOME_LINE, value)["type"] == "string_type"


def test_a_line_is_counted_in_characters_after_composition() -> None:
    line = TypeAdapter(OrgName, config=STRICT)
    assert line.validate_python("e\u0301" * 60) == "é" * 60
    assert fault_of(line, "甲" * 61)["msg"] == "最多 60 个字符，现为 61 个，请缩短"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \t\u3000\n", 0),
        ("质量", 2),
        ("质量。", 3),
        ("“质量”——好……", 9),
        ("QC", 1),
        ("QC 小组", 3),
        ("QC小组", 3),
        ("QC小组QC", 4),
        ("hello world", 2),
        ("1,234.5", 1),
        ("3.5% A<B & C", 4),
        ("第3次", 3),
        ("ＱＣ，１", 4),
        ("a,b；c。", 4),
        ("①②③", 3),
        ("Ⅰ、Ⅱ", 3),
        ("50℃±2℃", 5),
        ("艾力·库尔班", 6),
        ("一\n二\n\n三", 3),
        ("一\u3000二", 2),
        ("𠮷野家", 3),
        ("葛\U000e0100飾", 2),
        ("カタカナ", 4),
        ("x" * 5000, 1),
    ],
)
def test_words_are_counted_as_word_does(text: str, count: int) -> None:
    assert count_words(text) == count


@given(st.text(st.sampled_from("质量，。ＱＡb1,. \n\u3000")), st.text(st.sampled_from("质量，。ＱＡb1,. \n\u3000")))
def test_counts_add_up_over_white_space(left: str, right: str) -> None:
    assert count_words(f"{left} {right}") == count_words(left) + count_words(right)


def test_3000_words_are_legal_and_3001_are_not() -> None:
    words = TypeAdapter(Annotated[str, Words(3000)], config=STRICT)
    assert words.validate_python("字" * 3000)
    assert words.validate_python("字 abc，\n" * 1000)
    assert words.validate_python("word " * 3000)
    msg = fault_of(words, "字" * 3001)["msg"]
    assert msg.startswith("限 3000 字以内，现为 3001 字，请删减 1 字（按 Word 的字数统计")


def test_one_run_of_letters_is_one_word_but_not_endless() -> None:
    assert SOME_WORDS.validate_python("x" * MOST_CHARACTERS)
    fault = fault_of(SOME_WORDS, "x" * (MOST_CHARACTERS + 1))
    assert fault["msg"] == "最多 32767 个字符，现为 32768 个，请缩短"


@pytest.mark.parametrize("mark", "、，,；;／/|")
def test_one_place_holds_one_name(mark: str) -> None:
    assert message_of(PersonName, f"章启明{mark}卢思远") == f"每处只填一个姓名，不能含「{mark}」；有多人时一人填一项"


@pytest.mark.parametrize("name", ["章启明", "艾力·库尔班", "John Smith", "O'Neil-Li", "𠮷田", "欧阳　雪"])
def test_names_of_all_kinds_are_kept(name: str) -> None:
    assert TypeAdapter(PersonName, config=STRICT).validate_python(name) == name


@pytest.mark.parametrize(
    "phone", ["0999-6123456", "010-12345678", "（010）68416388", "(010)68416388", "+86 10 68416388", "13800000000"]
)
def test_phone_numbers_are_kept(phone: str) -> None:
    assert TypeAdapter(Phone, config=STRICT).validate_python(phone) == phone


@pytest.mark.parametrize(
    "phone", ["无", "((((((", "12-", "０１０１２３４５６７８", "010-1234567a", "+()----", "=1+1+1+1"]
)
def test_what_cannot_be_dialled_is_refused_with_an_example(phone: str) -> None:
    assert message_of(Phone, phone) == "应为电话号码，只用数字、空格、短横和括号，如 010-12345678"


@pytest.mark.parametrize("email", ["a@b", "a b@c.cn", "@c.cn", "a@c..cn", "a@c.cn。", "质量@c.cn", "a＠c.cn"])
def test_a_wrong_email_is_refused_with_an_example(email: str) -> None:
    assert message_of(Email, email) == "应为邮箱地址，如 name@example.com"
    assert TypeAdapter(Email, config=STRICT).validate_python("qc.a+b@x-y.example.cn")


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_of_two_centuries_is_a_date(day: date) -> None:
    assert TypeAdapter(IsoDate, config=STRICT).validate_python(day.isoformat()) == day


@pytest.mark.parametrize(
    "value",
    [
        "2026-2-9",
        "2026-02-30",
        "2025-02-29",
        "20260209",
        "2026/02/09",
        "2026-02-09T00:00",
        "0202-05-06",
        "",
        20260209,
        "２０２６-02-09",
        "2026年2月9日",
        None,
        True,
        1.0,
        ["2026-02-09"],
    ],
)
def test_what_is_no_day_is_refused_with_an_example(value: object) -> None:
    assert message_of(IsoDate, value) == "应为存在的日期，写作 2026-06-04 的样式"


@pytest.mark.parametrize("value", ["2024-3", "2024-13", "2024-00", "1899-01", "2024-03-01", "2024年3月", "２０２４-03"])
def test_what_is_no_month_is_refused_with_an_example(value: object) -> None:
    assert message_of(YearMonth, value) == "应为年月，写作 2024-03 的样式"


def test_a_period_may_be_one_month_but_not_run_backwards() -> None:
    assert Period.model_validate({"start": "2024-03", "end": "2024-03"})
    assert message_of(Period, {"start": "2025-02", "end": "2025-01"}) == "结束年月早于开始年月，请对调或更正"


def test_a_set_of_options_names_each_once() -> None:
    options = TypeAdapter(Annotated[list[str], Distinct()], config=STRICT)
    assert options.validate_python(["甲", "乙"]) == ["甲", "乙"]
    assert fault_of(options, ["甲", "乙", "甲"])["msg"] == "同一项重复出现，请只保留一个"
