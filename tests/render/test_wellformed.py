"""Templates whose results need no parsing are well-formed whatever is filled in; others are not taken for such."""

import itertools

import pytest
from lxml import etree

from docgen.forms.catalogue import all_forms
from docgen.forms.form import Wording
from docgen.render import docx, wellformed
from docgen.render.environment import sandbox

RUN = '<w:r xmlns:w="urn:w"><w:t>{}</w:t></w:r>'
PROVED = {
    "a value": "<p>{{ a }}</p>",
    "a value in an attribute": '<p q="{{ a }}">x</p>',
    "words to choose from in an attribute": '<p q="{% if a %}x{% else %}y{% endif %}"/>',
    "a branch of elements": "<p>{% if a %}<q/>{% elif b %}x<q>y</q>{% endif %}</p>",
    "a loop of elements": "<p>{% for c in b %}<q>{{ c }}</q>{% else %}-{% endfor %}</p>",
    "a line break in a run": RUN.format("{% if a %}x</w:t><w:br/></w:r><w:r><w:t>{% endif %}y").replace(
        "</w:t><w:br/></w:r>", "</w:t></w:r><w:br/>"
    ),
    "a branch in a branch": "<p>{% if a %}<q>{% if b %}<s/>{% endif %}</q>{% endif %}</p>",
    "a name": "{% set c = a %}<p>{{ c }}</p>",
}
OTHERS = {
    "an element that a branch begins": "<p>{% if a %}<q>{% endif %}x</q></p>",
    "an element that a loop ends": "<p><q>{% for c in b %}</q><q>{% endfor %}</q></p>",
    "an attribute in a branch": '<p {% if a %}q="1"{% endif %}/>',
    "a quotation mark in a branch": '<p q="{% if a %}" r="{% endif %}"/>',
    "elements in an attribute": '<p q="{% if a %}<q/>{% endif %}"/>',
    "a break outside of a run": "<p>{% if a %}</w:t></w:r><w:r><w:t>{% endif %}</p>",
    "a name of an element": "<{{ a }}/>",
    "a name of an attribute": '<p {{ a }}="1"/>',
    "a comment": "<p><!-- {{ a }} --></p>",
    "two roots": "{% if a %}<p/>{% endif %}<p/>",
    "a filter that returns elements": "<p>{{ a|picture }}</p>",
    "a macro": "{% macro m() %}<q>{% endmacro %}<p>{{ m() }}</p>",
    "an ampersand": "<p>{% if a %}&{% endif %}</p>",
}


def is_proved(source: str) -> bool:
    environment = sandbox()
    environment.filters["picture"] = str
    return wellformed.is_proved(source, environment, frozenset({"picture"}))


@pytest.mark.parametrize("case", PROVED)
def test_what_is_proved_is_well_formed(case: str) -> None:
    assert is_proved(PROVED[case])
    template = sandbox().from_string(PROVED[case])
    for a, b in itertools.product(["", "<&\"'>", "]]>"], [[], ["x"], ["<", "&"]]):
        etree.fromstring(f'<x xmlns:w="urn:w">{template.render(a=a, b=b)}</x>')


@pytest.mark.parametrize("case", OTHERS)
def test_what_may_go_wrong_is_not_proved(case: str) -> None:
    assert not is_proved(OTHERS[case])


def test_every_word_template_of_the_house_without_pictures_is_proved() -> None:
    left = []
    for form in all_forms().values():
        compiled = docx._compile(form, Wording.VERBATIM, docx.copy_of(form.id))  # noqa: SLF001  what is kept of a template
        left += [form.id for name in compiled.templates if name not in compiled.proved]
    assert left == ["shanxi-2025/achievement-report"]
