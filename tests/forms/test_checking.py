"""Whatever is handed in, a check answers with faults and findings in Chinese and repeats none of the values."""

import copy
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen import service
from docgen.errors import Fault, SubmissionError
from docgen.forms import catalogue, checking
from docgen.forms.form import Finding, Form, Level
from docgen.forms.shape import leaves

FORMS = tuple(catalogue.all_forms().values())
CAQ = catalogue.get_notice("caq-2026")
AS_OF = date(2026, 10, 1)
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2,} [A-Za-z]{2,}")
POINTER = re.compile("(?:/(?:[^~/]|~[01])*)*", re.DOTALL)
Path = tuple[str | int, ...]
MARKER = "植入之值QZX"

every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)

nasty = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\ud800",
        "\ufffe",
        "\u2028",
        "\u202e",
        "{{7*7}}",
        "=1+1",
        "A<B & 质量<1%",
        "张三、李四",
        "6222021234567890123",
        "2026-02-30",
        "字" * 3001,
        "x" * 40_000,
    ]
)
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | nasty
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda children: (
        st.lists(children, max_size=12)
        | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=8), children, max_size=4)
    ),
    max_leaves=12,
)


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        yield from paths(child, (*path, step))


def spot(value: object, path: Path) -> tuple[dict[str, Any], Any, str | int]:
    """Return a holder of a copy, and the container and step of one place in it; the copy is ``holder.get("")``."""
    holder: dict[str, Any] = {"": copy.deepcopy(value)}
    target: Any = holder
    step: str | int = ""
    for following in path:
        target, step = target[step], following
    return holder, target, step


@st.composite
def mutated(draw: st.DrawFn, form: Form) -> object:
    """A sample in which one to four places were deleted, replaced, nested, repeated or given an unknown field."""
    value: object = service.sample(form)
    for _ in range(draw(st.integers(1, 4))):
        holder, target, step = spot(value, draw(st.sampled_from(sorted(paths(value), key=repr))))
        match draw(st.sampled_from(["delete", "replace", "nest", "unknown", "repeat"])):
            case "delete":
                target.pop(step)
            case "replace":
                target[step] = draw(junk)
            case "nest":
                target[step] = [{"x": target[step]}]
            case "unknown" if isinstance(target[step], dict):
                target[step][draw(st.text(st.characters(exclude_categories=()), max_size=90))] = draw(junk)
            case "repeat" if isinstance(target[step], list):
                target[step] *= 6
        value = holder.get("")
    return value


def assert_well_said(*items: Fault | Finding) -> None:
    for item in items:
        for text in (item.detail, item.label):
            assert CHINESE.search(text)
            assert not ENGLISH.search(text)
            assert text.isprintable()
        assert POINTER.fullmatch(item.pointer)
        item.pointer.encode()
        assert bool(item.rule) == bool(item.sentence)


def refusal(form: Form, raw: object) -> SubmissionError | None:
    try:
        checking.validate(form, raw)
    except SubmissionError as error:
        return error
    return None


@every_form
@given(data=st.data())
def test_a_damaged_sample_gives_nothing_but_well_said_faults_and_findings(form: Form, data: st.DataObject) -> None:
    raw = data.draw(mutated(form))
    verdict = service.check(form, raw, AS_OF)
    for said in (verdict.faults, verdict.findings):
        assert_well_said(*said)
    assert not (verdict.faults and verdict.findings)


@every_form
@given(raw=junk)
def test_junk_gives_nothing_but_the_submission_error(form: Form, raw: object) -> None:
    error = refusal(form, raw)
    assert error is None or error.faults
    assert_well_said(*(error.faults if error else ()))


@given(raw=junk | st.dictionaries(st.sampled_from([form.stem for form in FORMS]), junk | st.lists(junk)))
def test_a_package_of_junk_is_answered_too(raw: object) -> None:
    verdict = service.check_package(CAQ, raw, AS_OF)
    assert not verdict.complete
    for said in (verdict.faults, verdict.findings):
        assert_well_said(*said)


@pytest.mark.parametrize("raw", [None, 1, "x", [], [{}]])
@every_form
def test_what_is_no_object_is_refused_as_a_whole(form: Form, raw: object) -> None:
    with pytest.raises(SubmissionError) as caught:
        checking.validate(form, raw)
    assert caught.value.faults == (Fault("", form.title, "wrong_type", "应为一组字段（用花括号括起）"),)
    assert caught.value.detail == "填报数据有 1 处需要修改"


WRONG_VALUES = (
    MARKER + "\0",
    MARKER * 5000,
    [MARKER],
    {"x": MARKER},
    [{"x": [MARKER]}] * 300,
    f"{MARKER}、{MARKER}",
    f" {MARKER}",
)


@pytest.mark.parametrize("wrong", WRONG_VALUES, ids=range(len(WRONG_VALUES)))
@every_form
def test_no_value_is_repeated_in_a_fault(form: Form, wrong: object) -> None:
    for path in paths(service.sample(form)):
        holder, target, step = spot(service.sample(form), path)
        target[step] = wrong
        for fault in service.check(form, holder[""], AS_OF).faults:
            assert MARKER not in repr(fault)
    unknown = service.check(form, service.sample(form) | {"unknown": wrong}, AS_OF).faults
    assert unknown
    assert MARKER not in repr(unknown)


@every_form
def test_no_value_is_repeated_in_a_finding(form: Form) -> None:
    options = {option for _, leaf in leaves(form.shape) for option in leaf.options}
    raw = marked(service.sample(form), options)
    verdict = service.check(form, raw, date(2030, 1, 1))
    assert verdict.faults == ()
    assert MARKER not in repr(verdict.findings)


def marked(value: object, options: set[str]) -> object:
    """A copy with the marker in every text that stays valid with it: not in an option that was chosen."""
    if isinstance(value, dict):
        fixed = {"heading"}  # of a report's steps: the standard's words
        return {name: child if name in fixed else marked(child, options) for name, child in value.items()}
    if isinstance(value, list):
        return [marked(child, options) for child in value]
    if isinstance(value, str) and CHINESE.search(value) and value not in options:
        return f"{MARKER}{value}"
    return value


@pytest.fixture
def package() -> dict[str, object]:
    """One circle, alike on all three annexes."""
    application = service.sample(catalogue.get_form("caq-2026/application"))
    opinion = service.sample(catalogue.get_form("caq-2026/recommendation-opinion"))
    summary = service.sample(catalogue.get_form("caq-2026/summary"))
    return {
        "requirements": {},
        "application": [application],
        "recommendation-opinion": {**opinion, "items": opinion["items"][:1]},
        "summary": {**summary, "items": summary["items"][:1]},
    }


def test_a_package_that_agrees_is_complete(package: dict[str, Any]) -> None:
    verdict = service.check_package(CAQ, package, AS_OF)
    assert verdict.complete, verdict
    assert {finding.level for finding in verdict.findings} == {Level.REMINDER}


def test_what_is_found_in_a_package_is_placed_in_it(package: dict[str, Any]) -> None:
    second = copy.deepcopy(package["application"][0])
    del second["org_name"]
    package["application"].append(second)
    package["summary"]["items"][0]["members"] = ["甲、乙"]
    faults = service.check_package(CAQ, package, AS_OF).faults
    assert [(fault.pointer, fault.label) for fault in faults] == [
        ("/application/1/org_name", "附件 2（第 2 份）·组织名称（公章为准）"),
        ("/summary/items/0/members/0", "附件 4·推荐名单第 1 项·小组成员第 1 项"),
    ]
    assert faults[1].rule == "C12"


@pytest.mark.parametrize("name", ["aplication", "a/b~", "\ud800\n", "x" * 10_000])
def test_an_annex_that_the_notice_does_not_have_is_named(package: dict[str, Any], name: str) -> None:
    faults = service.check_package(CAQ, {**package, name: [{}, {}]}, AS_OF).faults
    (fault,) = faults
    assert_well_said(fault)
    assert fault.detail.startswith("本通知没有这个附件，可用的编号：requirements、application、")


def test_a_package_that_is_no_object_is_refused() -> None:
    (fault,) = service.check_package(CAQ, [], AS_OF).faults
    assert fault.detail == "应为一组字段（用花括号括起），字段名为各附件的编号"


def test_a_package_of_bombs_is_read_only_so_far() -> None:
    many = service.check_package(CAQ, {"requirements": [{}] * 10_001}, AS_OF).faults
    assert [fault.detail for fault in many] == ["一次最多核对 10,000 份材料，请分几次核对"]
    wrong = service.check_package(CAQ, {"application": [{}] * 10_000}, AS_OF).faults
    assert wrong[-1].code == "more_faults"
    assert len(wrong) < 300
