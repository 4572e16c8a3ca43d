"""What all certificates say: their words are fields with the usual sentences as defaults, so anybody can change them.

Words may name the form's own one-line fields by their Chinese labels in braces, ``{组织名称} {小组名称}：``. They are
filled in by plain replacement of text, here and nowhere else: no template engine ever reads what a person wrote.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from docgen.errors import quoted
from docgen.fields import IsoDate, Line, OrgName, Submission
from docgen.forms.shape import Group, Leaf, LeafKind, Series, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Recipient = Annotated[str, Line(120), Field(title="抬头", validate_default=True)]
Body = Annotated[str, Line(240), Field(title="正文", validate_default=True)]
Closing = Annotated[str, Line(60), Field(title="结语", validate_default=True)]
Issuers = Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)]

WORDS: Final = ("recipient", "body", "closing")
"""The fields that hold words."""
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_ONE_LINE: Final = frozenset({LeafKind.LINE, LeafKind.CHOICE})
_BLANK: Final = "　" * 6
"""Room to write by hand, where nothing is filled in."""


_shape = cache(shape_of)


@cache
def _shared() -> frozenset[str]:
    """Return the fields of every certificate; pydantic takes its time to tell them."""
    return frozenset(Certificate.model_fields)


def words_of(model: type[Submission], values: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the words of a valid submission as they were written, or the usual ones for None."""
    return {name: values[name] if values else model.model_fields[name].default for name in WORDS}


def issuers_of(model: type[Submission], values: Mapping[str, Any] | None) -> list[str]:
    """Return who issues a certificate, or the usual issuers for None."""
    return list(values["issuers"] if values else model.model_fields["issuers"].default)


def labels(own: Group) -> dict[str, str]:
    """Return what words may name: Chinese label to field name, for the one-line fields of a certificate's own."""
    return {
        node.title: name
        for name, node in own.fields.items()
        if isinstance(node, Leaf) and node.kind in _ONE_LINE and name not in _shared()
    }


def said(model: type[Submission], own: Group, values: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the words of a certificate as they are printed; None leaves room to write by hand."""
    known = labels(own)
    return {name: _filled(words, known, values) for name, words in words_of(model, values).items()}


def filled(words: str, own: Group, values: Mapping[str, Any] | None) -> str:
    """Return words with the values of a valid submission in the place of labels; None leaves room to write by hand.

    What a value holds is never read again: braces in it stay braces. A label that names no field stays as it stands.
    """
    return _filled(words, labels(own), values)


def _filled(words: str, known: Mapping[str, str], values: Mapping[str, Any] | None) -> str:
    def value(found: re.Match[str]) -> str:
        name = known.get(found[1])
        if name is None:
            return found[0]
        return _BLANK if values is None else str(values.get(name) or "")

    return _PLACEHOLDER.sub(value, words)


def notes(own: Group, submission: Mapping[str, Any], said: str) -> Iterator[tuple[str, str]]:
    """Walk what stands in small print below the words, as (field name, text): people, and optional lines.

    ``said`` are the words as they were written; a field that they name is not repeated.
    """
    for name, node in own.fields.items():
        value = submission.get(name)
        if name in _shared() or not value or f"{{{node.title}}}" in said:
            continue
        if isinstance(node, Series):
            yield name, f"（{node.title}：{'、'.join(value)}）"
        elif not node.required:
            yield name, f"（{node.title}：{value}）"


class Certificate(Submission):
    """What every certificate says; its number and code are decided when it is issued.

    A certificate's own fields stand before these, in listings and in the schema, and are known when these are judged.
    """

    recipient: Recipient
    body: Body
    closing: Closing = "特发此证，以资鼓励。"
    issuers: Issuers
    issued_on: Annotated[IsoDate, Field(title="颁发日期")]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:  # noqa: ANN401  pydantic's own signature
        """Move the fields of a certificate before the shared ones; pydantic puts inherited ones first."""
        shared = Certificate.model_fields
        fields = cls.__pydantic_fields__
        own = {name: field for name, field in fields.items() if name not in shared}
        cls.__pydantic_fields__ = own | {name: fields[name] for name in shared}
        cls.model_rebuild(force=True)

    @field_validator(*WORDS)
    @classmethod
    def _names_own_fields(cls, words: str, info: ValidationInfo) -> str:
        own = _shape(cls)
        known = labels(own)
        choice = "、".join(f"{{{label}}}" for label in known)
        for label in _PLACEHOLDER.findall(words):
            if label not in known:
                raise PydanticCustomError(
                    "unknown_label",
                    "没有名为{label}的字段可填；花括号里可写：{choice}",
                    {"label": quoted(label), "choice": choice},
                )
            if info.data.get(known[label], "") is None:
                raise PydanticCustomError(
                    "label_not_filled",
                    "文字里有 {label}，但没有填写这一项；请填写，或从文字里删去",
                    {"label": f"{{{label}}}"},
                )
        if re.search(r"[{}]", _PLACEHOLDER.sub("", words)):
            raise PydanticCustomError(
                "stray_brace",
                "花括号没有成对，或套了两层；花括号只用来写字段名称，可写：{choice}",
                {"choice": choice},
            )
        return words

    @model_validator(mode="after")
    def _says_all_that_is_required(self) -> Certificate:
        """Refuse words that leave out what must be on paper, whether it is named by its label or written out."""
        own, values = _shape(type(self)), self.model_dump(mode="json")
        said = " ".join(filled(values[name], own, values) for name in WORDS)
        for label, name in labels(own).items():
            if own.fields[name].required and values[name] not in said:
                raise PydanticCustomError(
                    "not_said",
                    "证书上没有印出{label}；请在抬头、正文或结语里写上 {placeholder}",
                    {"label": label, "placeholder": f"{{{label}}}"},
                )
        return self
