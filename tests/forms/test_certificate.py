"""Words of certificates: fields that anybody can change, labels in braces, and nothing left out in silence."""

import re
from typing import Any

import pytest
from certificates import CERTIFICATES
from hypothesis import given
from hypothesis import strategies as st

from docgen import service
from docgen.errors import SubmissionError
from docgen.forms import catalogue, certificate, checking
from docgen.forms.catalogue import get_form
from docgen.forms.certificate import WORDS, Certificate
from docgen.forms.form import Form, Honour, Kind
from docgen.forms.shape import Leaf, LeafKind, Series

CIRCLE = get_form("shanxi-2025/certificate-group")
WITH_TOPIC = get_form("hunan-2026/certificate-group")
every_certificate = pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)


def faults(form: Form, **change: Any) -> list[tuple[str, str]]:
    raw = {name: value for name, value in {**service.sample(form), **change}.items() if value is not None}
    return [(fault.pointer, fault.code) for fault in service.check(form, raw).faults]


def honour(form: Form) -> Honour:
    assert form.honour is not None
    return form.honour


@pytest.mark.parametrize("form", catalogue.all_forms().values(), ids=lambda form: form.id)
def test_certificates_and_only_they_attest_an_honour(form: Form) -> None:
    assert (form.kind is Kind.CERTIFICATE) == (form.honour is not None) == issubclass(form.model, Certificate)


@every_certificate
def test_an_honour_names_fields_of_its_form(form: Form) -> None:
    said = honour(form)
    lines = {
        name
        for name, node in form.shape.fields.items()
        if isinstance(node, Leaf) and node.kind is LeafKind.LINE and name not in Certificate.model_fields
    }
    people = {name for name, node in form.shape.fields.items() if isinstance(node, Series) and name != "issuers"} | (
        {"name"} & lines
    )
    assert set(said.holder) == lines - people - ({"prize"} & lines)
    assert set(said.persons) == people, "a personal name must never be shown to the public in full"
    assert not said.grade or form.shape.fields[said.grade].title == "奖项等级"


@every_certificate
def test_what_is_attested_is_what_is_printed(form: Form) -> None:
    sample = checking.validate(form, service.sample(form)).model_dump(mode="json")
    attested = certificate.filled(honour(form).award, form.shape, sample)
    assert "{" not in attested
    assert attested + sample.get(honour(form).grade or "-", "") in certificate.filled(
        sample["body"], form.shape, sample
    )


def test_every_form_numbers_in_a_series_of_its_own() -> None:
    series = [honour(form).series for form in CERTIFICATES]
    assert len(set(series)) == len(series) == 12
    assert all(re.fullmatch(r"[A-Z0-9-]{1,16}", one) for one in series)


@every_certificate
def test_own_fields_come_first_in_model_schema_and_listing(form: Form) -> None:
    shared = ["recipient", "body", "closing", "issuers", "issued_on"]
    listed = [line.path.removesuffix("[]") for line in service.fields(form)]
    for names in (list(form.model.model_fields), list(service.schema(form)["properties"]), listed):
        assert names[-5:] == shared
        assert names[0] == "org_name"


@every_certificate
def test_the_usual_words_stand_in_the_schema_and_name_every_required_line(form: Form) -> None:
    properties = service.schema(form)["properties"]
    assert properties["closing"]["default"] == "特发此证，以资鼓励。"
    usual = "".join(properties[name]["default"] for name in WORDS)
    known = certificate.labels(form.shape)
    assert set(re.findall(r"\{(.*?)\}", usual)) == {
        label for label, name in known.items() if form.shape.fields[name].required
    }
    assert properties["issuers"]["default"]


def test_words_are_changed_without_any_code() -> None:
    data = service.sample(CIRCLE) | {
        "recipient": "{小组名称}（{单位名称}）：",
        "body": "你们的课题《{课题名称}》获{奖项等级}，{小组名称}再接再厉。",
        "closing": "此证。",
    }
    values = checking.validate(CIRCLE, data).model_dump(mode="json")
    assert [certificate.filled(values[name], CIRCLE.shape, values) for name in WORDS] == [
        "光脉QC小组（晋岭数智通信有限公司阳泉分公司）：",
        "你们的课题《缩短家庭宽带故障修复时长》获一等奖，光脉QC小组再接再厉。",
        "此证。",
    ]


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("荣获{等级}。", "unknown_label", "「等级」"),
        ("荣获{grade}。", "unknown_label", "「grade」"),
        ("荣获{}。", "unknown_label", "可写：{单位名称}、{小组名称}、{课题名称}、{奖项等级}"),
        ("荣获{小组成员}。", "unknown_label", "「小组成员」"),
        ("荣获{正文}。", "unknown_label", "「正文」"),
        ("荣获{ 奖项等级}。", "unknown_label", "奖项等级"),
        ("荣获{{奖项等级}}。", "stray_brace", "花括号没有成对"),
        ("荣获{% if 奖项等级 %}。", "unknown_label", "if"),
        ("荣获{奖项等级。", "stray_brace", "花括号没有成对"),
        ("荣获奖项等级}。", "stray_brace", "可写：{单位名称}"),
    ],
)
def test_what_is_no_label_of_the_form_is_said_with_those_that_are(body: str, code: str, words: str) -> None:
    (fault,) = service.check(CIRCLE, service.sample(CIRCLE) | {"body": body}).faults
    assert (fault.pointer, fault.label, fault.code) == ("/body", "正文", code)
    assert words in fault.detail
    assert "{单位名称}、{小组名称}、{课题名称}、{奖项等级}" in fault.detail


def test_a_label_whose_field_was_left_empty_would_leave_a_hole() -> None:
    assert faults(WITH_TOPIC, topic_name=None, body="课题《{课题名称}》获奖。") == [("/body", "label_not_filled")]
    assert faults(WITH_TOPIC, body="课题《{课题名称}》获奖。") == []


def test_what_must_be_on_paper_is_named_or_written_out() -> None:
    assert faults(WITH_TOPIC, recipient="{企业名称}：") == [("", "not_said")]
    assert faults(WITH_TOPIC, recipient="{企业名称}：", body="铸剑QC小组成绩优秀。") == []
    (fault,) = service.check(CIRCLE, service.sample(CIRCLE) | {"body": "你小组《{课题名称}》获奖。"}).faults
    assert fault.detail == "证书上没有印出奖项等级；请在抬头、正文或结语里写上 {奖项等级}"


def test_a_faulty_field_gives_no_second_fault_for_the_words_that_name_it() -> None:
    assert faults(CIRCLE, grade="特等奖") == [("/grade", "not_an_option")]
    assert faults(CIRCLE, org_name="　") == [("/org_name", "blank")]


@given(
    st.text(st.sampled_from("{}%课题名称单位{{}}<>甲"), min_size=1, max_size=30).filter(
        lambda text: text.strip() == text
    )
)
def test_what_a_value_holds_is_never_read_again(text: str) -> None:
    values = checking.validate(CIRCLE, service.sample(CIRCLE) | {"org_name": text}).model_dump(mode="json")
    assert certificate.filled(values["recipient"], CIRCLE.shape, values) == f"{text} 光脉QC小组："


def test_people_and_optional_lines_stand_below_the_words_once() -> None:
    values = checking.validate(WITH_TOPIC, service.sample(WITH_TOPIC)).model_dump(mode="json")
    said = "".join(values[name] for name in WORDS)
    below = dict(certificate.notes(WITH_TOPIC.shape, values, said))
    assert below == {
        "topic_name": "（课题名称：降低挖掘机动臂焊缝返修率）",
        "members": "（小组成员：唐砺、江晚晴、彭子昂、向南、欧阳澈、龙云飞、石小满、田甜、麦麦提·艾山）",
    }
    assert set(dict(certificate.notes(WITH_TOPIC.shape, values, "《{课题名称}》"))) == {"members"}
    assert dict(certificate.notes(WITH_TOPIC.shape, values | {"members": [], "topic_name": None}, said)) == {}


@every_certificate
def test_a_blank_certificate_leaves_room_for_what_is_written_by_hand(form: Form) -> None:
    said = certificate.words_of(form.model, None)
    recipient = certificate.filled(said["recipient"], form.shape, None)
    assert recipient.startswith("　" * 6)
    assert "{" not in recipient


def test_words_are_one_line_and_have_limits() -> None:
    assert faults(CIRCLE, body="一\n二") == [("/body", "bad_character")]
    assert faults(CIRCLE, closing="此" * 61) == [("/closing", "too_many_characters")]
    with pytest.raises(SubmissionError):
        checking.validate(CIRCLE, service.sample(CIRCLE) | {"recipient": ""})
