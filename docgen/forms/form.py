"""Form and Notice: what a module under ``docgen/forms/<notice>/`` declares."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from docgen.forms.shape import Group, LeafKind, leaves, printed, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from docgen.fields import Submission
    from docgen.layout import PageKind


class Kind(StrEnum):
    """What an annex is for."""

    REQUIREMENTS = "申报要求"
    APPLICATION = "申报表"
    OPINION = "推荐意见"
    SUMMARY = "汇总表"
    STATISTICS = "统计表"
    WORK_SUMMARY = "工作总结"
    REGISTRATION = "登记表"
    REPORT = "报告单"
    REVIEW = "评审表"
    LETTER = "推荐函"
    CERTIFICATE = "证书"
    CHECKLIST = "核对清单"
    """The house's own list of what is still to be done for a package; never an annex."""
    INDEX = "索引"
    """The house's own list of the certificates of a batch; never an annex."""


class Provenance(StrEnum):
    """Whether the notice prints the form, or only names it and it was rebuilt here. Listed, never printed."""

    EXACT = "exact"
    RECONSTRUCTED = "reconstructed"


class Level(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Remark:
    """What one rule says about one submission; ``pointer`` is a JSON pointer, "" for the whole."""

    level: Level
    detail: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a rule may know beside the submission: the date it is judged at, and the notice's deadlines."""

    as_of: date
    deadlines: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of a notice that can be checked on one submission (or, for a notice's rules, on a package)."""

    id: str
    sentence: str
    check: Callable[[Any, Circumstances], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, with the notice's sentence and the printed label of the place."""

    rule: str
    sentence: str
    level: Level
    detail: str
    pointer: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day of a notice, inclusive."""

    id: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Given:
    """What a unit gave for a package, as plain JSON-like data: ``unit`` is its name, "" where nothing tells it."""

    submissions: Mapping[str, Sequence[Mapping[str, Any]]]
    """Annex stem -> its valid submissions."""
    unit: str = ""

    def of(self, stem: str) -> Sequence[Mapping[str, Any]]:
        """Return the submissions of one annex."""
        return self.submissions.get(stem, ())


@dataclass(frozen=True, slots=True)
class Derivation:
    """A document that follows from others by the names of their fields, so that nobody types a value twice.

    ``derive`` returns the fields of the submission for ``stem`` that the annexes named in ``sources`` tell; what they
    do not tell it leaves out, and a person completes it.
    """

    stem: str
    sources: tuple[str, ...]
    derive: Callable[[Given], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Clause:
    """What the notice wants, in short words, and the id of the rule whose sentence says so."""

    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a unit hands its documents in, as the notice says it.

    ``formats`` are made of every document, xlsx of every table besides, and PDF of what goes on paper: ``on_paper``
    names those annexes. ``unit`` names fields that tell whose package it is, ``contact`` those that tell whom to ask,
    either as ``field`` of any annex or as ``stem.field``; the first that is filled counts. ``folder`` is the name that
    the notice wants for the electronic folder, made of both.
    """

    formats: tuple[str, ...] = ("docx",)
    on_paper: tuple[str, ...] = ()
    unit: tuple[str, ...] = ("recommender", "org_name")
    contact: tuple[tuple[str, ...], ...] = ()
    folder: str = "{unit}"
    clauses: tuple[Clause, ...] = ()
    """Where to send it, on paper or by e-mail, what it costs, how the folder is called."""


@dataclass(frozen=True)
class Notice:
    """One issuer's notice: its annexes stand beside its module, its package rules look at several of them."""

    id: str
    title: str
    number: str
    issuers: tuple[str, ...]
    award: str
    deadlines: tuple[Deadline, ...] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)
    """Every rule id of the notice with its sentence, also of rules that are limits of fields."""
    package_rules: tuple[Rule, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    delivery: Delivery = field(default_factory=Delivery)


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip in the notice's own form: printed as it stands, or corrected where the caller wants it."""

    verbatim: str
    corrected: str


class Wording(StrEnum):
    """Whether slips of the notice are printed as they stand (the association's own form) or corrected."""

    VERBATIM = "verbatim"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Honour:
    """What a certificate attests, for its record, its number and its public page; fields are named, not their values.

    ``award`` is the honour in words; it may hold labels in braces as a certificate's words do. ``series`` begins the
    numbers: at most 16 ASCII capitals, digits and hyphens, a form's alone. ``holder`` is shown to the public in full,
    ``persons`` are personal names and masked there. ``grade`` is the field of the grade, "" where there is none.
    ``places`` are how many may be honoured by the notice: for each grade, or in all under "".
    """

    award: str
    series: str
    holder: tuple[str, ...]
    persons: tuple[str, ...] = ()
    grade: str = ""
    places: Mapping[str, int] = field(default_factory=dict, hash=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross to a render process and back: a read-only mapping cannot by itself."""
        told = [getattr(self, one.name) for one in fields(self)[:-1]]
        return Honour, (*told, dict(self.places))


def _of_module(module: str) -> Form:
    found: Form = importlib.import_module(module).FORM
    return found


@dataclass(frozen=True)
class Form:
    """One annex. ``module`` is its module's ``__name__``: the identifier follows from it."""

    module: str
    title: str
    annex: str
    kind: Kind
    page: PageKind
    model: type[Submission]
    provenance: Provenance
    rules: tuple[Rule, ...] = ()
    tabular: bool = False
    """A table that is also made as xlsx."""
    errata: tuple[Erratum, ...] = ()
    honour: Honour | None = None
    """What a certificate attests; None for every other kind."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross to a render process and back by name: rules are functions that no process can send."""
        return _of_module, (self.module,)

    def worded(self, text: str, wording: Wording) -> str:
        """Return template text in the wanted wording."""
        if wording is Wording.CORRECTED:
            for erratum in self.errata:
                text = text.replace(erratum.verbatim, erratum.corrected)
        return text

    @cached_property
    def id(self) -> str:
        """``<notice>/<annex>``, for example ``caq-2026/application``."""
        return f"{self.notice_id}/{self.stem}"

    @cached_property
    def notice_id(self) -> str:
        """The notice's identifier, from the package's name."""
        return self.module.rsplit(".", 2)[1].replace("_", "-")

    @cached_property
    def stem(self) -> str:
        """The annex's own name: the common stem of its module, templates and sample."""
        return self.module.rsplit(".", 1)[1].replace("_", "-")

    @cached_property
    def annex_name(self) -> str:
        """The annex's number alone (附件 5), without what the notice prints after it on the label line."""
        return self.annex.partition("：")[0]

    @cached_property
    def shape(self) -> Group:
        """All fields."""
        return shape_of(self.model, self.title)

    @cached_property
    def printed(self) -> Group:
        """The fields that its templates must show."""
        return printed(self.shape)

    @cached_property
    def takes_pictures(self) -> bool:
        """Whether pictures travel in its submissions."""
        return any(leaf.kind is LeafKind.PICTURE for _, leaf in leaves(self.shape))

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """The formats in which the form is made."""
        return ("docx", "pdf", "xlsx", "png") if self.tabular else ("docx", "pdf", "png")


class HouseForm(Form):
    """A document of the house itself: its templates lie in the house's folder, and no listing shows it."""

    @cached_property
    def id(self) -> str:
        """``_house/<stem>``."""
        return f"_house/{self.stem}"
