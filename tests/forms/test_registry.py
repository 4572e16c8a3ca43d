"""What holds for every form, found by walking the registry: a new annex is tested by being there."""

import importlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter

from docgen import paths, service
from docgen.fields import MOST_CHARACTERS, Submission
from docgen.forms import catalogue, checking
from docgen.forms.form import Form, Notice, Provenance
from docgen.forms.shape import Group, Leaf, Node, Series, leaves

FORMS = tuple(catalogue.all_forms().values())
NOTICES = tuple(catalogue.all_notices().values())
AS_OF = date(2026, 10, 1)
CHINESE = re.compile("[\u4e00-\u9fff]")

every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
every_notice = pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.id)


def titles(node: Node) -> list[str]:
    match node:
        case Group():
            return [node.title, *(title for child in node.fields.values() for title in titles(child))]
        case Series():
            return [node.title, *titles(node.item)]
        case Leaf():
            return [node.title]


def plain(text: str) -> str:
    """Text of a notice as it compares: no white space, no half or full width, no marks of its dump."""
    return re.sub(r"\s|^- ", "", unicodedata.normalize("NFKC", text), flags=re.MULTILINE)


@pytest.fixture(params=NOTICES, ids=lambda notice: notice.id)
def notice_text(request: pytest.FixtureRequest) -> tuple[Notice, str]:
    notice: Notice = request.param
    path = Path(__file__).parents[2] / "notices" / f"{notice.id}.txt"
    return notice, plain(path.read_text(encoding="utf-8"))


def test_the_first_notice_is_complete() -> None:
    assert {form.id for form in FORMS} >= {
        "caq-2026/requirements",
        "caq-2026/application",
        "caq-2026/recommendation-opinion",
        "caq-2026/summary",
        "caq-2026/certificate-group",
    }


@every_form
def test_one_stem_names_module_form_and_sample(form: Form) -> None:
    notice, stem = form.id.split("/")
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", notice)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", stem)
    module = importlib.import_module(f"docgen.forms.{notice.replace('-', '_')}.{stem.replace('-', '_')}")
    assert module.FORM is form is catalogue.get_form(form.id)
    assert (paths.SAMPLES / notice / f"{stem}.json").is_file()


@pytest.mark.parametrize("ending", ["docx", "html"])
@every_form
def test_every_form_has_its_template(form: Form, ending: str) -> None:
    assert (paths.TEMPLATES / ending / f"{form.id}.{ending}").is_file()


def test_no_sample_or_template_is_an_orphan() -> None:
    ids = {form.id for form in FORMS}
    for root in (paths.SAMPLES, paths.TEMPLATES / "docx", paths.TEMPLATES / "html"):
        stems = {path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.*")}
        assert {stem for stem in stems if not stem.startswith("_house/")} <= ids, root


@every_form
def test_module_and_models_say_what_they_are(form: Form) -> None:
    said = importlib.import_module(form.module).__doc__ or ""
    assert form.title in said
    assert form.annex in said
    for model in models(form).values():
        assert model.__doc__


@every_form
def test_every_field_has_a_printed_chinese_label(form: Form) -> None:
    for title in titles(form.shape):
        assert CHINESE.search(title), title


@every_form
def test_every_model_is_strict_and_frozen(form: Form) -> None:
    assert issubclass(form.model, Submission)
    for name, model in models(form).items():
        config = model.model_config
        assert (config["strict"], config["extra"], config["frozen"]) == (True, "forbid", True), name


def models(form: Form) -> dict[str, type[BaseModel]]:
    module = importlib.import_module(form.module)
    return {name: model for name, model in vars(module).items() if hasattr(model, "model_config")}


@every_form
def test_the_sample_is_valid_complete_and_survives_a_round_trip(form: Form) -> None:
    sample = service.sample(form)
    deadlines = [deadline.day for deadline in catalogue.get_notice(form.notice_id).deadlines]
    verdict = service.check(form, sample, min(deadlines, default=AS_OF))
    assert verdict.faults == ()
    assert verdict.complete, verdict.findings
    submission = checking.validate(form, sample)
    assert submission.model_dump(mode="json", exclude_unset=True) == sample
    assert checking.validate(form, submission.model_dump(mode="json")) == submission


@every_form
def test_the_sample_shows_every_field(form: Form) -> None:
    sample = checking.validate(form, service.sample(form)).model_dump(mode="json")
    assert set(filled(form.shape, sample)) == {path for path, _ in leaves(form.shape)}


def filled(node: Node, value: object, path: str = "") -> Iterator[str]:
    match node:
        case Group(fields=fields) if isinstance(value, dict):
            for name, child in value.items():
                yield from filled(fields[name], child, f"{path}.{name}" if path else name)
        case Series(item=item) if isinstance(value, list):
            for child in value:
                yield from filled(item, child, f"{path}[]")
        case Leaf() if value is not None:
            yield path


@every_form
def test_json_schema_is_valid_chinese_and_accepts_the_sample(form: Form) -> None:
    schema = service.schema(form)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(service.sample(form))) == []
    assert list(validator.iter_errors({**service.sample(form), "unknown": 1}))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == form.title
    for model in (schema, *schema.get("$defs", {}).values()):
        assert model["additionalProperties"] is False
        for name, field in model["properties"].items():
            assert CHINESE.search(field["title"]), name
    assert json.loads(json.dumps(schema)) == schema


@every_form
def test_json_schema_knows_the_limits(form: Form) -> None:
    """A field that the schema lets through in length is not refused for its length by the model, and the other way."""
    text = json.dumps(service.schema(form), ensure_ascii=False)
    limits = {leaf.limit for _, leaf in leaves(form.shape) if leaf.limit is not None}
    for limit in limits:
        assert f'"maxLength": {limit}' in text or f'"x-docgen-words": {limit}' in text
    if "x-docgen-words" in text:
        assert f'"maxLength": {MOST_CHARACTERS}' in text


@every_notice
def test_the_notice_has_rules_with_ids_and_sentences(notice: Notice) -> None:
    assert notice.sentences
    for rule_id, sentence in notice.sentences.items():
        assert re.fullmatch(r"[A-Z]\d\d", rule_id)
        assert CHINESE.search(sentence)


def test_every_sentence_stands_in_the_notice(notice_text: tuple[Notice, str]) -> None:
    notice, text = notice_text
    for rule_id, sentence in notice.sentences.items():
        for part in sentence.split("；"):
            assert plain(part) in text, rule_id


def test_every_title_and_annex_label_stands_in_the_notice(notice_text: tuple[Notice, str]) -> None:
    notice, text = notice_text
    for phrase in (notice.title, notice.number, notice.award, *notice.issuers):
        assert plain(phrase) in text
    for form in catalogue.forms_of(notice):
        if form.annex and form.provenance is Provenance.EXACT:
            assert plain(form.annex + form.title) in text, form.id


def test_every_deadline_stands_in_the_notice(notice_text: tuple[Notice, str]) -> None:
    notice, text = notice_text
    for deadline in notice.deadlines:
        assert f"{deadline.day.month}月{deadline.day.day}日" in text
        assert f"{deadline.day.year}年" in text  # the day itself may stand without its year


@every_notice
def test_every_rule_of_a_form_or_package_is_a_sentence_of_its_notice(notice: Notice) -> None:
    rules = [rule for form in catalogue.forms_of(notice) for rule in form.rules]
    for rule in (*rules, *notice.package_rules):
        # A remark of our own, such as a usual length, quotes nobody.
        assert rule.sentence == (notice.sentences[rule.id] if rule.id else "")


@every_notice
def test_every_sentence_is_borne_by_a_rule_or_a_field(notice: Notice) -> None:
    borne = {rule.id for rule in notice.package_rules}
    for form in catalogue.forms_of(notice):
        borne |= {rule.id for rule in form.rules} | rules_of_fields(form.shape)
    assert borne - {""} == set(notice.sentences)


def rules_of_fields(node: Node) -> set[str]:
    found = {node.rule}
    match node:
        case Group():
            found.update(*(rules_of_fields(child) for child in node.fields.values()))
        case Series():
            found |= {node.least_rule} | rules_of_fields(node.item)
    return found - {""}


@every_form
def test_fields_are_listed_flat_with_their_labels(form: Form) -> None:
    listed = service.fields(form)
    assert [line.path for line in listed] == [path for path, _ in leaves(form.shape)]
    assert TypeAdapter(tuple[service.FieldLine, ...]).dump_json(listed)
