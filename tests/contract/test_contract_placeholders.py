"""The walk over jinja's syntax tree: what it resolves, what it refuses, what it holds for printed."""

import json

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes
from template_files import APPLICATION, CERTIFICATE, OPINION, SUMMARY

from docgen import paths
from docgen.certificates.sample import sample_issue
from docgen.contract import values
from docgen.contract.coverage import unused
from docgen.contract.placeholders import Site, Walker
from docgen.contract.syntax import parse
from docgen.contract.values import names_of_engine
from docgen.errors import Place
from docgen.forms.catalogue import get_form
from docgen.forms.shape import view
from docgen.render.environment import sandbox


def walk(form_id: str, source: str) -> Walker:
    form = get_form(form_id)
    tree = parse(source, lambda line, words: Place("正文", f"第 {line} 行", words))
    assert isinstance(tree, nodes.Template)
    walker = Walker(
        form.printed,
        form.shape,
        names_of_engine(form, html=False),
        Site(lambda line, words: Place("正文", f"第 {line} 行", words)),
    )
    walker.body(tree.body, walker.root_scope)
    return walker


def found(form_id: str, source: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.excerpt) for finding in walk(form_id, source).findings]


@pytest.mark.parametrize(
    ("form_id", "source", "words"),
    [
        (APPLICATION, "{{ contact.fax }}", "contact.fax"),
        (APPLICATION, "{{ topics[0].topik }}", "topics[0].topik"),
        (APPLICATION, '{{ contact["fax"] }}', 'contact["fax"]'),
        (APPLICATION, "{% if sealed_on %}{% if org_name %}{{ fone }}{% endif %}{% endif %}", "fone"),
        (APPLICATION, "{% if org_name %}x{% elif fone %}y{% endif %}", "fone"),
        (APPLICATION, "{% if org_name %}x{% else %}{{ fone }}{% endif %}", "fone"),
        (APPLICATION, "{% for topic in topics %}{% else %}{{ fone }}{% endfor %}", "fone"),
        (APPLICATION, "{% for topic in topics %}{{ topic.topic_nam }}{% endfor %}", "topic.topic_nam"),
        (APPLICATION, "{{ org_name if fone else group_name }}", "fone"),
        (APPLICATION, "{{ org_name if group_name else fone }}", "fone"),
        (APPLICATION, '{{ fone|tick("国家级") }}', "fone"),
        (APPLICATION, "{% if org_name == fone %}x{% endif %}", "fone"),
        (APPLICATION, "{% if not fone %}x{% endif %}", "fone"),
        (APPLICATION, "{{ topics.topic_name }}", "topics.topic_name"),
        (APPLICATION, "{{ org_name.length }}", "org_name.length"),
        (APPLICATION, "{{ sealed_on.year }}", "sealed_on.year"),
        (APPLICATION, "{{ page }}", "page"),
        (APPLICATION, "{{ issue.number }}", "issue"),
        (CERTIFICATE, "{{ issue.nummer }}", "issue.nummer"),
        (OPINION, "{% for item in items %}{{ item.opinon }}{% endfor %}", "item.opinon"),
        (OPINION, "{% for item in items %}{% endfor %}{{ item.opinion }}", "item"),
        (
            OPINION,
            "{% for item in items %}{% for line in item.opinon|paragraphs %}{% endfor %}{% endfor %}",
            "item.opinon",
        ),
    ],
)
def test_unknown_placeholder_in_every_branch(form_id: str, source: str, words: str) -> None:
    assert found(form_id, source) == [("unknown-placeholder", words)]


def test_a_near_name_is_suggested_with_its_chinese_title() -> None:
    (finding,) = walk(OPINION, "{% for item in items %}{{ item.opinon }}{% endfor %}").findings
    assert finding.detail == "没有字段 items[].opinon"
    assert finding.remedy == "是否指 opinion（推荐意见）？"
    (finding,) = walk(APPLICATION, "{{ phone }}").findings
    assert finding.remedy == "是否指 contact.phone（电话）？"
    (finding,) = walk(APPLICATION, "{{ contact.fax }}").findings
    assert "email（邮箱）" in finding.remedy


def test_a_field_for_the_rules_is_told_from_an_unknown_one() -> None:
    assert found(APPLICATION, "{{ compliance.registered_on|day }}") == [("unprinted-field", "compliance")]
    source = "{% for topic in topics %}{{ topic.award_level }}{% endfor %}"
    assert found(APPLICATION, source) == [("unprinted-field", "topic.award_level")]


@pytest.mark.parametrize(
    "source",
    [
        "{{ range(9) }}",
        "{{ org_name.upper() }}",
        "{{ org_name.__class__ }}",
        "{{ org_name['__class__'] }}",
        "{{ __builtins__ }}",
        "{{ ().__class__.__mro__ }}",
        "{{ org_name|safe }}",
        "{{ members|length }}",
        "{{ members|join('、') }}",
        "{{ members[:3]|names }}",
        "{{ org_name ~ group_name }}",
        "{{ 7 * 7 }}",
        "{{ -1 }}",
        "{{ org_name is defined }}",
        "{{ {'a': 1} }}",
        "{{ (org_name, group_name) }}",
        "{{ [org_name] }}",
        "{{ org_name if group_name }}",
        "{% set x = 1 %}",
        "{% set x %}y{% endset %}",
        "{% with x = 1 %}{% endwith %}",
        "{% macro m() %}x{% endmacro %}",
        "{% call m() %}x{% endcall %}",
        "{% block b %}x{% endblock %}",
        '{% extends "_house/base.html" %}',
        '{% include "_house/base.html" %}',
        '{% import "_house/blocks.html" as house %}',
        '{% from "_house/blocks.html" import box %}',
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% for topic in topics if topic.topic_name %}{% endfor %}",
        "{% for a, b in topics %}{% endfor %}",
        "{% for topic in topics recursive %}{% endfor %}",
        "{% for topic in topics %}{{ loop.length }}{% endfor %}",
        "{% for topic in topics %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    ],
)
def test_code_is_refused(source: str) -> None:
    assert "code-not-allowed" in {code for code, _ in found(APPLICATION, source)}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ sealed_on }}", "filter-missing"),
        ("{{ topics[0].period }}", "filter-missing"),
        ("{{ topics[0].recognition }}", "filter-missing"),
        ("{{ activity_summary }}", "filter-missing"),
        ("{% for line in activity_summary %}{{ line }}{% endfor %}", "filter-missing"),
        ("{% for one in topics[0].recognition %}{{ one }}{% endfor %}", "filter-missing"),
        ("{{ members }}", "not-printable"),
        ("{{ topics[0] }}", "not-printable"),
        ("{{ contact }}", "not-printable"),
        ("{{ activity_summary|paragraphs }}", "not-printable"),
        ("{{ org_name == group_name }}", "not-printable"),
        ("{% for topic in topics %}{{ loop }}{% endfor %}", "not-printable"),
        ("{% for topic in topics %}{{ loop.first }}{% endfor %}", "not-printable"),
        ("{{ org_name|day }}", "wrong-filter"),
        ("{{ sealed_on|period }}", "wrong-filter"),
        ("{{ topics|names }}", "wrong-filter"),
        ("{{ org_name|paragraphs }}", "wrong-filter"),
        ("{{ topics[0].recognition|tick }}", "wrong-filter"),
        ("{{ sealed_on|day('x') }}", "wrong-filter"),
        ("{{ sealed_on|day|day }}", "wrong-filter"),
        ('{{ topics[0].recognition|tick("省级") }}', "unknown-option"),
        ("{{ topics[0].recognition|tick(org_name) }}", "unknown-option"),
        ('{% if "省级" in topics[0].recognition %}x{% endif %}', "unknown-option"),
        ("{% for x in org_name %}{% endfor %}", "not-a-list"),
        ("{% for x in contact %}{% endfor %}", "not-a-list"),
        ("{{ org_name[0] }}", "not-a-list"),
        ("{{ topics[3].topic_name }}", "index-beyond-slots"),
        ("{{ members[10] }}", "index-beyond-slots"),
        ("{{ members[-1] }}", "code-not-allowed"),
    ],
)
def test_values_that_would_print_wrongly(source: str, code: str) -> None:
    assert [one for one, _ in found(APPLICATION, source)] == [code]


def test_the_flag_of_a_border_is_for_if_only() -> None:
    assert found(CERTIFICATE, "{% if issue.border %}回纹{% endif %}{{ issue.number }}") == []
    assert found(CERTIFICATE, "{{ issue.border }}") == [("not-printable", "issue.border")]


def on_paper(source: str) -> set[str]:
    return values.on_paper(get_form(CERTIFICATE), walk(CERTIFICATE, source).used)


def test_words_notes_and_pairs_print_the_fields_that_they_are_made_of() -> None:
    """A certificate's words say its required lines, its notes the people, its pairs the issuers."""
    words = "{{ recipient }}{{ body }}{{ closing }}"
    assert on_paper(words) == {"recipient", "body", "closing", "org_name", "group_name"}
    assert on_paper("{{ recipient }}{{ body }}") == {"recipient", "body"}
    assert on_paper("{% for note in fit.notes %}{{ note }}{% endfor %}") == {"fit.notes[]", "members[]"}
    pairs = "{% for pair in fit.pairs %}{{ pair.first }}{{ pair.second }}{% endfor %}"
    assert "issuers[]" in on_paper(pairs)
    assert "issuers[]" not in on_paper(pairs.replace("{{ pair.second }}", ""))


def test_no_other_form_knows_the_names_of_certificates() -> None:
    assert [code for code, _ in found(APPLICATION, "{{ fit.size }}{{ issue.mark }}")] == ["unknown-placeholder"] * 2


@pytest.mark.parametrize(
    "source",
    [
        "{% for topic in topics %}{% if not loop.last %}{{ loop.index }}、{% endif %}{% endfor %}",
        '{% for option in ["国家级", "地方、行业级"] %}{{ topics[0].recognition|tick(option) }}{% endfor %}',
        "{{ org_name or group_name }}",
        "{{ sealed_on|day if sealed_on else '' }}",
        "{% if '国家级' in topics[0].recognition and org_name != '' %}x{% endif %}",
        "{# comment #}{{ form.title }}{{ form.annex }}",
    ],
)
def test_what_templates_need_is_allowed(source: str) -> None:
    assert found(APPLICATION, source) == []


def missing(form_id: str, source: str) -> list[str]:
    walker = walk(form_id, source)
    assert walker.findings == ()
    return [finding.detail for finding in unused(get_form(form_id).printed, walker.used)]


def rest_of_application(without: str) -> str:
    pieces = {
        "lines": "{{ recommender }}{{ org_name }}{{ group_name }}{{ sealed_on|day }}",
        "topics": "{% for t in topics %}{{ t.topic_name }}{{ t.period|period }}"
        '{{ t.recognition|tick("国家级") }}{{ t.recognition|tick("地方、行业级") }}{% endfor %}',
        "members": "{{ members|names }}",
        "contact": "{{ contact.department }}{{ contact.address }}{{ contact.contact_name }}"
        "{{ contact.phone }}{{ contact.email }}",
        "summary": "{% for line in activity_summary|paragraphs %}{{ line }}{% endfor %}",
    }
    return "".join(text for name, text in pieces.items() if name != without)


def test_every_field_must_be_printed() -> None:
    assert missing(APPLICATION, rest_of_application("")) == []
    assert missing(APPLICATION, rest_of_application("summary")) == [
        "字段 activity_summary（近三年 QC 小组活动综述）没有印出"
    ]
    only_asked = "{% if activity_summary %}{% for line in activity_summary|paragraphs %}x{% endfor %}{% endif %}"
    assert len(missing(APPLICATION, rest_of_application("summary") + only_asked)) == 1


def test_fixed_slots_count_only_when_all_are_printed() -> None:
    slots = [f"{{{{ members[{number}] }}}}" for number in range(10)]
    assert missing(APPLICATION, rest_of_application("members") + "".join(slots)) == []
    (detail,) = missing(APPLICATION, rest_of_application("members") + "".join(slots[:6] + slots[7:]))
    assert "members[6]（小组成员名单）" in detail
    assert missing(APPLICATION, rest_of_application("members")) == ["字段 members[]（小组成员名单）没有印出"]


def test_slots_of_a_list_that_may_be_longer_need_a_loop() -> None:
    rows = "".join(
        f"{{{{ items[{n}].org_name }}}}{{{{ items[{n}].group_name }}}}{{{{ items[{n}].members|names }}}}"
        for n in range(10)
    )
    details = missing(SUMMARY, rows + "{{ recommender }}{{ filled_by }}{{ phone }}{{ date|day }}")
    assert [detail.partition("（")[0] for detail in details] == [
        "字段 items[].org_name",
        "字段 items[].group_name",
        "字段 items[].members",
    ]
    assert all("请改用 for 循环" in detail for detail in details)


def test_every_option_needs_its_box() -> None:
    one = '{% for t in topics %}{{ t.topic_name }}{{ t.period|period }}{{ t.recognition|tick("国家级") }}{% endfor %}'
    (detail,) = missing(APPLICATION, rest_of_application("topics") + one)
    assert "地方、行业级" in detail


RIGHT = [
    "org_name",
    "members[0]",
    "contact.email",
    "sealed_on|day",
    "sealed_on|numerals",
    "topics[0].period|period",
    "members|names",
    "form.title",
    'topics[1].recognition|tick("国家级")',
    "topics[2].topic_name",
    "t.topic_name",
    "t.period|period",
    "t",
    "loop.index",
]
WRONG = [
    "members",
    "topics",
    "topics[3]",
    "contact",
    "sealed_on",
    "activity_summary",
    "topics[0].period",
    "t.period",
    "t.items",
    "loop",
    "form",
]
LISTS = ["topics", "members", "activity_summary|paragraphs"]
FILTER_WORDS = ("", "|day", "|period", "|names", "|paragraphs", '|tick("国家级")', "[0]", ".items", ".index")
MIXED = st.builds("({}){}".format, st.sampled_from(RIGHT + WRONG + LISTS), st.sampled_from(FILTER_WORDS))
"""Any name with any filter: most are wrong, and each that is not found to be wrong must render."""


def mostly(right: list[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 9).flatmap(lambda dice: MIXED if dice == 0 else st.sampled_from(right))


VALUES = mostly(RIGHT)
PRINTED = st.one_of(
    VALUES.map("{{{{ {} }}}}".format),
    st.builds("{{{{ {} if {} else {} }}}}".format, VALUES, VALUES, VALUES),
    st.builds("{{{{ {} or {} }}}}".format, VALUES, VALUES),
)
SOURCES = st.recursive(
    PRINTED,
    lambda inner: st.one_of(
        st.builds("{{% for t in {} %}}{}{}{{% endfor %}}".format, mostly(LISTS), inner, inner),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, VALUES, inner, inner),
    ),
    max_leaves=5,
).map("{{% for t in topics %}}{}{{% endfor %}}".format)


@hypothesis.settings(max_examples=300)
@given(source=SOURCES)
def test_what_the_contract_lets_pass_always_renders(source: str) -> None:
    """The walk must never be laxer than the engine: no template that passes may fail on a blank or a full form."""
    if walk(APPLICATION, source).findings:
        return
    form = get_form(APPLICATION)
    sample = json.loads((paths.SAMPLES / f"{form.id}.json").read_text(encoding="utf-8"))
    for data in (None, sample):
        printed = view(form.printed, data)
        assert isinstance(printed, dict)
        context = {**printed, "form": {"title": "", "annex": ""}}
        text = sandbox().from_string(source).render(context)
        assert not any(mark in text for mark in ("[", "{", "None", "True", "False", "object at"))


def test_a_sample_of_a_certificate_renders_what_the_contract_allows() -> None:
    source = "{{ issue.number }}{{ issue.code }}{{ issue.url }}{{ issue.host }}"
    source += "{% if issue.border %}框{% endif %}{{ issue.mark }}"
    assert found(CERTIFICATE, source) == []
    assert sandbox().from_string(source).render(issue=sample_issue("http://127.0.0.1:8080")).endswith("样张")
