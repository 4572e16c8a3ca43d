"""Faults are said in Chinese, with the printed label of their place; pydantic's English never reaches a user."""

import re
from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core._pydantic_core import list_all_errors

from docgen import service
from docgen.errors import Fault, SubmissionError
from docgen.fields import FromRule, Submission
from docgen.forms import catalogue, checking, messages
from docgen.forms.shape import shape_of

CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2,} [A-Za-z]{2,}")
SENTENCES = {"Z01": "至少两个数", "Z02": "数不过三"}


class Numbers(Submission):
    """Whole numbers, which no form of the first notice has."""

    age: Annotated[int, Field(title="年龄", ge=18, le=65)]
    scores: Annotated[list[int], FromRule("Z02", least="Z01"), Field(title="得分", min_length=2, max_length=3)]


def numbers_faults(**raw: object) -> tuple[Fault, ...]:
    with pytest.raises(ValidationError) as caught:
        Numbers.model_validate({"age": 30, "scores": [1, 2]} | raw)
    errors = caught.value.errors(include_url=False, include_input=False)
    return messages.faults_of(errors, shape_of(Numbers, "数表"), SENTENCES)


def faults(form_id: str, **changed: object) -> tuple[Fault, ...]:
    """The faults of a sample of which some fields are changed."""
    form = catalogue.get_form(form_id)
    with pytest.raises(SubmissionError) as caught:
        checking.validate(form, service.sample(form) | changed)
    return caught.value.faults


def topics(**changed: object) -> list[dict[str, object]]:
    """The topics of the sample, of which the second is changed."""
    first, second, *_ = service.sample(catalogue.get_form("caq-2026/application"))["topics"]
    return [first, second | changed]


@pytest.mark.parametrize("known", list_all_errors(), ids=lambda known: known["type"])
def test_no_error_of_pydantic_is_passed_on_in_english(known: Any) -> None:
    error = ErrorDetails(
        type=known["type"],
        loc=("age",),
        msg=known["example_message_python"],
        input=None,
        ctx=known["example_context"] or {},
    )
    (fault,) = messages.faults_of([error], shape_of(Numbers, "数表"), SENTENCES)
    assert CHINESE.search(fault.detail)
    assert not ENGLISH.search(fault.detail)
    assert known["example_message_python"] not in fault.detail


def test_a_chinese_sentence_inside_an_english_one_is_not_passed_on_either() -> None:
    error = ErrorDetails(type="value_error", loc=("age",), msg="Value error, 不行", input=None, ctx={"error": "不行"})
    (fault,) = messages.faults_of([error], shape_of(Numbers, "数表"), {})
    assert fault.detail == "填写的内容不符合要求，请对照字段说明改正"


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        ({"age": 17}, "不能小于 18"),
        ({"age": 66}, "不能大于 65"),
        ({"age": "30"}, "应为整数"),
        ({"age": 30.5}, "应为整数"),
        ({"age": True}, "应为整数"),
        ({"scores": {}}, "应为列表（用方括号括起）"),
    ],
)
def test_numbers_have_their_sentences(raw: dict[str, object], detail: str) -> None:
    (fault,) = numbers_faults(**raw)
    assert fault.detail == detail


def test_a_minimum_may_come_from_another_sentence_than_the_maximum() -> None:
    (few,) = numbers_faults(scores=[1])
    (many,) = numbers_faults(scores=[1, 2, 3, 4])
    assert (few.rule, few.sentence) == ("Z01", "至少两个数")
    assert (many.rule, many.sentence) == ("Z02", "数不过三")


def test_an_item_does_not_quote_the_sentence_of_its_list() -> None:
    (fault,) = numbers_faults(scores=[1, "2"])
    assert (fault.pointer, fault.label, fault.rule) == ("/scores/1", "得分第 2 项", "")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"org_name": 5}, ("/org_name", "组织名称（公章为准）", "wrong_type", "应为文字（用引号括起）")),
        ({"topics": "x"}, ("/topics", "近三年课题成果", "wrong_type", "应为列表（用方括号括起）")),
        ({"contact": None}, ("/contact", "小组联系人", "wrong_type", "应为一组字段（用花括号括起）")),
        (
            {"topics": topics(period="2024")},
            (
                "/topics/1/period",
                "近三年课题成果第 2 项·活动时间",
                "wrong_type",
                '应写明开始年月和结束年月，写作 {"start": "2024-03", "end": "2025-02"} 的样式',
            ),
        ),
        (
            {"topics": topics(period={"start": "2024-03"})},
            ("/topics/1/period/end", "近三年课题成果第 2 项·活动时间·结束年月", "missing", "必须填写"),
        ),
        (
            {"topics": topics(period={"start": "2024-03", "end": "2024-04", "ende": 1})},
            (
                "/topics/1/period/ende",
                "近三年课题成果第 2 项·活动时间·字段「ende」",
                "unknown_field",
                "没有这个字段，是否指 end（结束年月）？",
            ),
        ),
        (
            {"topics": topics(recognition=["国家级", "省级"])},
            (
                "/topics/1/recognition/1",
                "近三年课题成果第 2 项·获得外部认可第 2 项",
                "not_an_option",
                "只能填「国家级」或「地方、行业级」",
            ),
        ),
        (
            {"gruop_name": "x"},
            ("/gruop_name", "字段「gruop_name」", "unknown_field", "没有这个字段，是否指 group_name（QC 小组名称）？"),
        ),
        (
            {"小组成员名单": []},
            (
                "/小组成员名单",
                "字段「小组成员名单」",
                "unknown_field",
                "没有这个字段，是否指 members（小组成员名单）？",
            ),
        ),
        (
            {"\ud800": 1},
            (
                "",
                "全国优秀质量管理小组申报表",
                "bad_character",
                "有一个字段名含有残缺的 Unicode 字符（单独的代理项），请删除该字符后重新输入",
            ),
        ),
    ],
)
def test_a_fault_says_where_and_what(changed: dict[str, object], expected: tuple[str, str, str, str]) -> None:
    (fault,) = faults("caq-2026/application", **changed)
    assert (fault.pointer, fault.label, fault.code, fault.detail) == expected


def test_a_field_like_no_other_is_told_which_there_are() -> None:
    (fault,) = faults("caq-2026/summary", zzz=1)
    assert fault.detail == "没有这个字段，请删除；可用的字段：recommender、items、filled_by、phone、date"
    (fault,) = faults("caq-2026/requirements", zzz=1)
    assert fault.detail == "此处不填任何字段，请删除"


@pytest.mark.parametrize("name", ["a/b~c", "~1", "\x1b[2J\n假的一行", "\u202e", "x" * 1_000_000, ""])
def test_a_strange_field_name_makes_a_valid_pointer_and_a_short_clean_label(name: str) -> None:
    (fault,) = faults("caq-2026/summary", **{name: 1})
    assert fault.label.isprintable()
    assert len(fault.label) < 60
    assert len(fault.pointer) < 200
    assert re.fullmatch("/(?:[^~/]|~[01])*", fault.pointer, re.DOTALL)
    assert fault.pointer == "/" + name[:80].replace("~", "~0").replace("/", "~1")


def test_all_faults_are_told_at_once_in_the_order_of_the_form() -> None:
    found = faults("caq-2026/application", org_name="", members=[], contact={}, sealed_on="明天")
    assert [fault.pointer for fault in found] == [
        "/org_name",
        "/members",
        "/contact/department",
        "/contact/address",
        "/contact/contact_name",
        "/contact/phone",
        "/contact/email",
        "/sealed_on",
    ]


def test_more_faults_than_a_person_reads_are_counted() -> None:
    found = faults("caq-2026/summary", items=[{} for _ in range(1000)])
    assert len(found) == messages.MOST_FAULTS + 1
    assert found[-1] == Fault(
        "", "全国优秀质量管理小组推荐汇总表", "more_faults", "另有 2800 处问题未列出，请先改正以上各处"
    )
