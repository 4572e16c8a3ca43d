"""JSON is read strictly, and what cannot be read is said with its place and a remedy."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import UnreadableInputError
from docgen.strictjson import parse

LIMIT = 4 * 1024 * 1024
CHINESE = re.compile("[\u4e00-\u9fff]")

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**38), 10**38) | st.text(st.characters(exclude_categories=())),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def outcome(data: bytes) -> object:
    try:
        return parse(data, LIMIT)
    except UnreadableInputError as error:
        return error


def refusal(data: bytes) -> UnreadableInputError:
    with pytest.raises(UnreadableInputError) as caught:
        parse(data, LIMIT)
    return caught.value


@given(values)
def test_what_json_can_say_is_read_as_it_stands(value: object) -> None:
    assert parse(json.dumps(value).encode(), LIMIT) == value


@given(st.binary(max_size=60) | st.text(st.sampled_from('{}[]":,\\u0 \n-1eENtrue，“甲')).map(str.encode))
def test_junk_is_read_or_refused_in_chinese(data: bytes) -> None:
    found = outcome(data)
    if isinstance(found, UnreadableInputError):
        assert CHINESE.search(found.detail)
        assert CHINESE.search(found.remedy)


def test_a_byte_order_mark_is_accepted() -> None:
    assert parse(b'\xef\xbb\xbf{"a": "\xe7\x94\xb2"}', LIMIT) == {"a": "甲"}


def test_a_name_given_twice_is_refused_with_the_name() -> None:
    error = refusal('{"表": [{"组织": 1, "组织": 2}]}'.encode())
    assert error.detail == "JSON 的内容不可接受：同一对象里字段「组织」出现了两次，请只保留一个"


def test_a_repeated_name_cannot_forge_lines_of_a_log() -> None:
    detail = refusal(b'{"a\\n\\u001b[31m\\ud800": 1, "a\\n\\u001b[31m\\ud800": 2}').detail
    assert detail.isprintable()
    assert detail.encode()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_number_is_refused(number: str) -> None:
    assert refusal(f'{{"a": [{number}]}}'.encode()).detail == f"JSON 的内容不可接受：{number} 不是 JSON 的数值"


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 41, "0." + "1" * 100])
def test_a_number_too_large_to_keep_is_refused(number: str) -> None:
    assert refusal(f"[{number}]".encode()).detail.startswith("JSON 的内容不可接受：数字超过 40 位")


def test_ten_megabytes_are_refused_unread() -> None:
    error = refusal(b"\xff" * (10 * 1024 * 1024))
    assert error.detail == "内容有 10,485,760 字节，最多接受 4,194,304 字节"
    assert parse(b" " * (LIMIT - 2) + b"{}", LIMIT) == {}


@pytest.mark.parametrize("item", [b"[],", b"{},", b"1,", b'"a",'])
def test_a_million_small_values_are_refused_unread(item: bytes) -> None:
    """Each becomes an object of a hundred bytes: the limit in bytes is made for pictures, not for these."""
    data = b"[" + item * 1_000_000 + b"1]"
    with pytest.raises(UnreadableInputError) as caught:
        parse(data, len(data))
    assert caught.value.detail == "内容超过 1,000,000 项"


def test_a_picture_of_many_bytes_is_one_value() -> None:
    data = b'{"data": "' + b"QUJD" * 5_000_000 + b'"}'
    assert len(parse(data, len(data))["data"]) == 20_000_000  # type: ignore[index]  # an object


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("depth", [33, 500, 100_000])
def test_a_deep_nest_is_refused(opening: bytes, depth: int) -> None:
    closing = b"]" if opening == b"[" else b"}"
    assert "嵌套" in refusal(opening * depth + b"1" + closing * depth).detail


def test_the_depth_of_any_form_is_read() -> None:
    assert parse(b"[" * 32 + b"]" * 32, LIMIT)


def test_a_hundred_thousand_names_are_refused() -> None:
    text = json.dumps({f"f{number}": number for number in range(100_000)})
    assert refusal(text.encode()).detail.endswith("一个对象里有 100000 个字段，最多 500 个")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        ('{"甲": 1}'.encode("utf-16"), "第 1 个字节不是 UTF-8 编码"),
        (b'{"a": 1}'.decode().encode("utf-16-le"), "内容含有空字节，像是 UTF-16 编码"),
        (b'{"a": 1}'.decode().encode("utf-16-be"), "内容含有空字节，像是 UTF-16 编码"),
        ('{"甲": 1}'.encode("gb18030"), "第 3 个字节不是 UTF-8 编码"),
        (b'{"a": "\xed\xa0\x80"}', "第 8 个字节不是 UTF-8 编码"),
    ],
)
def test_other_encodings_are_named_with_the_remedy(data: bytes, detail: str) -> None:
    error = refusal(data)
    assert (error.detail, error.remedy) == (detail, "请把文件另存为 UTF-8 编码后重试")


def test_a_lone_surrogate_is_read_so_that_its_field_can_be_named() -> None:
    assert parse(b'{"a": "\\ud800"}', LIMIT) == {"a": "\ud800"}


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_nothing_at_all_is_called_empty(data: bytes) -> None:
    assert refusal(data).detail == "内容是空的"


@pytest.mark.parametrize(
    ("text", "line", "column", "remedy"),
    [
        ('{"a": 1', 1, 8, "请检查该处的引号、逗号和括号"),
        ('{\n  "a": 1\n  "b": 2\n}', 3, 3, "请检查该处的引号、逗号和括号"),
        ('{"a": 1} {}', 1, 10, "请检查该处的引号、逗号和括号"),
        ("{\n“a”: 1}", 2, 1, "该处是中文标点，请改为英文（半角）标点"),
        ('{"a"：1}', 1, 5, "该处是中文标点，请改为英文（半角）标点"),
        ('{"a": 1，"b": 2}', 1, 8, "该处是中文标点，请改为英文（半角）标点"),
        ('{"a": "上\n下"}', 1, 9, "文字中间不能直接换行或用制表符，换行请写作 \\n"),
        ('{"a": "C:\\课题"}', 1, 10, "文字中的反斜杠请写作 \\\\"),
        ('{"a": "\\u12"}', 1, 9, "文字中的反斜杠请写作 \\\\"),
    ],
)
def test_broken_json_is_said_with_line_column_and_remedy(text: str, line: int, column: int, remedy: str) -> None:
    error = refusal(text.encode())
    assert error.detail == f"不是完整的 JSON：第 {line} 行第 {column} 列读不下去"
    assert error.remedy == remedy
