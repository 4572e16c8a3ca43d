"""What is rendered is read back as it was: by tags, by place where editors drop them, in Word and in Excel."""

import os
import shutil
import subprocess

import pytest
from filled_forms import printed, read_printed, submissions, untold, without_controls, without_tags
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from docgen import service
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Form, Kind
from docgen.reading import How, Reading
from docgen.reading.result import ForeignFileError
from docgen.reading.turning import skeleton_of

CERTIFICATES = [form for form in all_forms().values() if form.kind is Kind.CERTIFICATE]
FORMS = [form for form in all_forms().values() if form not in CERTIFICATES]
TABULAR = [form for form in FORMS if form.tabular]
SOFFICE = shutil.which("soffice") or "soffice"
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
every_table = pytest.mark.parametrize("form", TABULAR, ids=lambda form: form.id)
some = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def made(form: Form, submission: object, fmt: str = "docx") -> bytes:
    return service.render(form, submission, fmt).data


def assert_told(form: Form, submission: object, reading: Reading) -> None:
    """Whatever was read differently is told: nothing is guessed in silence."""
    told = {problem.pointer for problem in reading.problems}
    usual = frozenset(words.rstrip(":") for words in skeleton_of(form).words)
    assert untold(printed(form, submission), read_printed(form, reading), told, usual) == []


@every_form
@some
@given(data=st.data())
def test_every_printed_value_is_read_back_by_tag(form: Form, data: st.DataObject) -> None:
    submission = data.draw(submissions(form))
    reading = service.read(made(form, submission), "docx", form)
    assert read_printed(form, reading) == printed(form, submission)
    assert reading.problems == ()
    placed = {pointer for pointer, how in reading.how.items() if how is How.GRID}
    assert all("/pictures/" in pointer for pointer in placed), "no control holds a picture"


@every_form
@some
@given(data=st.data())
def test_nothing_is_guessed_without_controls(form: Form, data: st.DataObject) -> None:
    submission = data.draw(submissions(form))
    for left in (without_controls, without_tags):
        reading = service.read(left(made(form, submission)), "docx", form)
        assert_told(form, submission, reading)
        assert set(reading.how.values()) <= {How.GRID}


@every_table
@some
@given(data=st.data())
def test_every_value_of_a_table_is_read_back_from_excel(form: Form, data: st.DataObject) -> None:
    submission = data.draw(submissions(form))
    reading = service.read(made(form, submission, "xlsx"), "xlsx", form)
    assert_told(form, submission, reading)


@every_form
def test_the_form_is_found_by_its_words(form: Form) -> None:
    data = made(form, service.sample(form))
    assert service.read(data, "docx").form == form.id
    assert service.read(without_controls(data), "docx").form == form.id
    assert service.read(service.blank(form, "docx").data, "docx").form == form.id
    if form.tabular:
        assert service.read(made(form, service.sample(form), "xlsx"), "xlsx").form == form.id


@pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
def test_a_certificate_is_no_form_to_fill_in_and_says_so(form: Form) -> None:
    for wanted in (form, None):
        with pytest.raises(ForeignFileError, match="是证书") as caught:
            service.read(made(form, service.sample(form)), "docx", wanted)
        assert form.title in caught.value.detail
        assert caught.value.remedy


@every_form
def test_a_blank_form_gives_no_values(form: Form) -> None:
    data = service.blank(form, "docx").data
    for file in (data, without_controls(data), without_tags(data)):
        reading = service.read(file, "docx", form)
        assert (reading.submission, reading.problems) == ({}, ())


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Let LibreOffice save every form, filled and blank, with one start: name -> file."""
    folder = tmp_path_factory.mktemp("saved")
    for form in FORMS:
        name = form.id.replace("/", " ")
        (folder / f"{name}.docx").write_bytes(made(form, service.sample(form)))
        (folder / f"{name} blank.docx").write_bytes(service.blank(form, "docx").data)
    environment = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    subprocess.run(
        [
            SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "docx", "--outdir", str(folder / "out"), *map(str, sorted(folder.glob("*.docx"))),
        ],
        check=True, capture_output=True, timeout=240, env=environment,
    )  # fmt: skip
    return {path.stem: path.read_bytes() for path in (folder / "out").glob("*.docx")}


@every_form
def test_a_form_that_libreoffice_saved_is_read_by_place(form: Form, saved: dict[str, bytes]) -> None:
    name = form.id.replace("/", " ")
    reading = service.read(saved[name], "docx")
    assert (reading.form, reading.problems) == (form.id, ())
    assert read_printed(form, reading) == printed(form, service.sample(form))
    blank = service.read(saved[f"{name} blank"], "docx")
    assert (blank.form, blank.submission, blank.problems) == (form.id, {}, ())
