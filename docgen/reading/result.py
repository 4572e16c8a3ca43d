"""What reading a filled form gives: a submission, how each value was found, and what could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from docgen.errors import UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping


class How(StrEnum):
    """By what a value was found: the tag of its content control, or its place in the form's grid."""

    TAG = "tag"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class ReadingProblem:
    """One thing that was not read, or read in a way that a person must look at.

    ``pointer`` is the JSON pointer of the field, "" where no field can be told; ``label`` its printed label;
    ``place`` where it stands in the file, as people count. The words found there are never repeated.
    """

    code: str
    pointer: str
    label: str
    place: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A filled form read back: JSON-like ``submission`` (not yet validated), ``how`` by JSON pointer."""

    form: str
    submission: dict[str, Any]
    how: Mapping[str, How] = field(default_factory=dict)
    problems: tuple[ReadingProblem, ...] = ()

    def counts(self) -> Mapping[How, int]:
        """Return how many values were found by tag and how many by place."""
        return Counter(self.how.values())

    def members(self) -> dict[str, object]:
        """Return the reading for machines: the command line and HTTP answer alike."""
        return {
            "form": self.form,
            "submission": self.submission,
            "how": {pointer: str(how) for pointer, how in self.how.items()},
            "problems": [asdict(problem) for problem in self.problems],
        }


class ForeignFileError(UnreadableInputError):
    """A sound Word or Excel file that is none of our forms, or not the form that the caller named."""

    code = "form-unrecognised"
