"""Everything that docgen says when it cannot do what was asked.

An error says what failed, where, why and how to mend it, in Chinese, and never repeats a value of the
submission. It carries no HTTP status and no exit code: the shells (``cli``, ``web``) map its class.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

_QUOTED: Final = 40
"""Characters of a name that a message quotes."""


def quoted(name: object) -> str:
    """Return a name that the caller made up (of a field, a form), fit for a message: short, one line, no controls."""
    text = str(name)
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text[:_QUOTED])
    return f"「{shown}…」" if len(text) > _QUOTED else f"「{shown}」"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place of a submission that is wrong.

    ``pointer`` is an RFC 6901 JSON pointer, ``label`` the printed Chinese label of that place, ``code`` a stable
    machine word, ``detail`` a Chinese sentence with the remedy. ``rule`` and ``sentence`` are set where the
    limit comes from a sentence of the notice.
    """

    pointer: str
    label: str
    code: str
    detail: str
    rule: str = ""
    sentence: str = ""

    def members(self) -> dict[str, str]:
        """Return the fault for machines; rule and sentence only where there is one."""
        return {name: value for name, value in asdict(self).items() if value or name not in {"rule", "sentence"}}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template is wrong: the part (正文, 页眉 …), the spot in it, and the words found there."""

    part: str
    spot: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        """Return the place as one phrase for people."""
        quoted = f"「{self.excerpt}」" if self.excerpt else ""
        return "，".join(piece for piece in (self.part, self.spot) if piece) + quoted


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """One thing wrong with a template: a machine word, the place, what is wrong, and the remedy."""

    code: str
    place: Place
    detail: str
    remedy: str


def _revived(kind: type[DocgenError], args: tuple[object, ...], state: dict[str, object]) -> DocgenError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class DocgenError(Exception):
    """The base of all errors that docgen raises on purpose."""

    code = "error"

    def __init__(self, detail: str, remedy: str = "") -> None:
        """Keep the Chinese sentence and what to do about it."""
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross from a render process to its parent whole: exceptions travel by their arguments only."""
        return _revived, (type(self), self.args, self.__dict__)


class SubmissionError(DocgenError):
    """The submission is at fault: ``faults`` names every place, in the order of the form."""

    code = "submission-invalid"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults; at least one."""
        super().__init__(f"填报数据有 {len(faults)} 处需要修改", "请按各条说明修改后重试")
        self.faults = faults


class UnreadableInputError(DocgenError):
    """The input is no JSON object that docgen can read, or it is too large."""

    code = "input-unreadable"


class UnknownFormError(DocgenError):
    """No form or notice has this identifier."""

    code = "form-unknown"


class OrganisationError(DocgenError):
    """No such organisation, or it cannot be made."""

    code = "organisation-unknown"


class UnknownCertificateError(DocgenError):
    """No certificate of this organisation has this number."""

    code = "certificate-unknown"


class UnknownBatchError(DocgenError):
    """No batch of this organisation has this number."""

    code = "batch-unknown"


class BusyFolderError(DocgenError):
    """Another server works on this data folder."""

    code = "folder-in-use"


class ConflictError(DocgenError):
    """What was asked does not fit what is already recorded; nothing was changed."""

    code = "conflict"


class FormatError(DocgenError):
    """The form is not made in the wanted format."""

    code = "format-unsupported"


class TemplateError(DocgenError):
    """A template is damaged or breaks its contract."""

    code = "template-fault"

    def __init__(self, detail: str, remedy: str = "", findings: tuple[TemplateFinding, ...] = ()) -> None:
        """Keep the findings beside the sentence."""
        super().__init__(detail, remedy)
        self.findings = findings


class FaceError(DocgenError):
    """A face that the layout names cannot be found or was replaced by another."""

    code = "face-missing"


class RenderError(DocgenError):
    """An engine could not make the document for a reason that is not the submission's."""

    code = "render-failed"


class SettingsError(DocgenError):
    """An environment variable has a value that docgen cannot use."""

    code = "settings-invalid"


class OutputError(DocgenError):
    """The result could not be written where the caller wanted it."""

    code = "output-unwritable"


class BusyError(DocgenError):
    """All render slots are taken; trying again later will help."""

    code = "busy"
