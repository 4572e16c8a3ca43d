"""The catalogue: compiled as written, and complete for the click that is installed."""

import gettext
import string
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from docgen.cli.language import CATALOGUES, DOMAIN, LANGUAGE

FOLDER = CATALOGUES / LANGUAGE / "LC_MESSAGES"
SPOKEN = ("core", "decorators", "exceptions", "formatting", "parser", "types")
"""click's other modules speak in prompts, editors, progress bars, shell completion and on the Windows console only."""

TO_PROGRAMMERS = {
    ("Name '{name}' defined twice",),
    ("Boolean option {decl!r} cannot use the same flag for true/false.",),
    ("Could not determine name for option with declarations {decls!r}",),
    (
        (
            "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
            "Did you mean to pass '--{name}'?"
        ),
    ),
    ("Arguments take exactly one parameter declaration, got {length}: {decls}.",),
}
"""Raised while commands are declared; ours are."""


@dataclass(frozen=True)
class Entry:
    """One message: its singular and, where there is one, plural; and the translations."""

    originals: tuple[str, ...]
    translations: tuple[str, ...]
    fuzzy: bool


def _tuple(found: object) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found) if isinstance(found, (tuple, list)) else ()


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    with (FOLDER / f"{DOMAIN}.po").open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    return [Entry(_tuple(item.id), _tuple(item.string), item.fuzzy) for item in catalogue if item.id]


def test_every_message_of_click_is_translated_and_none_is_stale(entries: list[Entry]) -> None:
    folder = Path(click.__file__).parent
    spoken = {_tuple(item[1]) for name in SPOKEN for item in extract_from_file("python", folder / f"{name}.py")}
    assert spoken >= TO_PROGRAMMERS
    assert {entry.originals for entry in entries} == spoken - TO_PROGRAMMERS
    assert [entry for entry in entries if entry.fuzzy or not all(entry.translations)] == []


def test_the_compiled_catalogue_says_what_the_written_one_says(entries: list[Entry]) -> None:
    with (FOLDER / f"{DOMAIN}.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]  # noqa: SLF001  no public way lists what is compiled
    expected: dict[object, str] = {}
    for entry in entries:
        if len(entry.originals) == 1:
            expected[entry.originals[0]] = entry.translations[0]
        else:
            expected |= {(entry.originals[0], form): text for form, text in enumerate(entry.translations)}
    assert {key: text for key, text in compiled.items() if key} == expected


def test_translations_use_only_the_placeholders_that_click_fills(entries: list[Entry]) -> None:
    for entry in entries:
        allowed = {name for text in entry.originals for name in _placeholders(text)}
        assert {name for text in entry.translations for name in _placeholders(text)} <= allowed


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
