"""Grid description to a form's module and sample: types guessed from names, titles from the printed labels."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from docgen.drafting.grid import Boxes, Label, Seal, Value
from docgen.drafting.kinds import guess
from docgen.forms.shape import LeafKind

if TYPE_CHECKING:
    from docgen.drafting.grid import Grid

_SAMPLES: Final = {
    LeafKind.LINE: "示例",
    LeafKind.TEXT: "此处填写内容。",
    LeafKind.DATE: "2026-06-04",
    LeafKind.MONTH: "1985-06",
    LeafKind.NUMBER: 98.5,
    LeafKind.INTEGER: 12,
    LeafKind.PERIOD: {"start": "2025-03", "end": "2026-02"},
}
_SPECIAL: Final = {"phone": "0999-6000000", "mobile": "13900000000", "fax": "0999-6000001", "email": "qc@unit.example"}


@dataclass
class _Fields:
    """The fields of one model in the order of the form: name -> (title, annotation, options, slots, sample)."""

    plain: dict[str, tuple[str, str, object]] = field(default_factory=dict)
    rows: dict[str, _Fields] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)


def collect(grid: Grid) -> _Fields:
    """Walk the cells; the label before a value is its title."""
    found = _Fields()
    if grid.header:
        _note(found, grid.header[1], re.sub(r"（盖章）", "", grid.header[0]), ())
    heads = [cell for row in grid.rows for cell in row.cells if cell.pieces and not row.repeats]
    columns = [" ".join(p.words for p in cell.pieces if isinstance(p, Label)) for cell in heads]
    for row in grid.rows:
        title = ""
        for place, cell in enumerate(row.cells):
            for piece in cell.pieces:
                match piece:
                    case Label(words):
                        title = words.strip("：: ").rstrip(".、")
                    case Value(path):
                        over = columns[place] if row.repeats and place < len(columns) else ""
                        _note(found, path, over or title or path, ())
                    case Boxes(path, options):
                        _note(found, path, title or path, options)
                    case Seal():
                        _note(found, "sealed_on", "盖章日期", ())
                    case _:
                        continue
        if row.repeats:
            found.least[row.repeats] = row.least
    return found


def _note(found: _Fields, path: str, title: str, options: tuple[str, ...]) -> None:
    row = re.fullmatch(r"(\w+)\[\]\.(\w+)", path)
    if row:
        if row[2] != "seq":
            _note(found.rows.setdefault(row[1], _Fields()), row[2], title, options)
        return
    name = re.sub(r"\[\d+\]", "", path)
    if options:
        words = ", ".join(f'"{option}"' for option in options)
        found.plain.setdefault(name, (title, f"Annotated[Literal[{words}]", options[0]))
        return
    kind = guess(name)
    slot = re.search(r"\[(\d+)\]", path)
    if slot:
        count = int(slot[1]) + 1
        found.plain[name] = ("小组成员" if name == "members" else title, f"{kind.annotation}, Slots({count})", ["示例"])
        found.least[name] = count
        return
    sample: object = ["示例"] if kind.names else _SPECIAL.get(name, _SAMPLES[kind.leaf])
    found.plain.setdefault(name, (title, kind.annotation, sample))


def module(grid: Grid, fields: _Fields, class_name: str) -> str:
    """Return the Python module of the form."""
    used = set(re.findall(r"[A-Z][A-Za-z]+", _body(fields, class_name)))
    from_fields = sorted(used & _FIELD_NAMES | {"Submission"} | ({"Part"} if fields.rows else set()))
    from_quantities = sorted(used & {"Count", "Rate", "Money"})
    typing = ["Annotated", *(["Literal"] if "Literal" in used else [])]
    page = "WIDE" if grid.landscape else "FORM"
    kind = "SUMMARY" if fields.rows else "APPLICATION"
    lines = [
        f'"""{" ".join(filter(None, (grid.annex, grid.title)))}."""',
        "",
        "from __future__ import annotations",
        "",
        f"from typing import {', '.join(typing)}",
        "",
        "from pydantic import Field",
        "",
        f"from docgen.fields import {', '.join(from_fields)}",
        "from docgen.forms.form import Form, Kind, Provenance",
        "from docgen.layout import PageKind",
        *([f"from docgen.quantities import {', '.join(from_quantities)}"] if from_quantities else []),
        "",
        "",
        _body(fields, class_name),
        "",
        "FORM = Form(",
        "    module=__name__,",
        f'    title="{grid.title}",',
        f'    annex="{grid.annex}",',
        f"    kind=Kind.{kind},",
        f"    page=PageKind.{page},",
        f"    model={class_name},",
        "    provenance=Provenance.EXACT,",
        *(["    tabular=True,"] if fields.rows else []),
        ")",
        "",
    ]
    return "\n".join(lines)


_FIELD_NAMES: Final = {
    *("Address", "Email", "GroupName", "IsoDate", "Line", "OrgName", "Period", "PersonName", "Phone", "Slots"),
    *("TopicName", "Words", "YearMonth"),
}


def _body(fields: _Fields, class_name: str) -> str:
    parts = []
    for name, row in fields.rows.items():
        parts += [f"class {_row_class(name)}(Part):", '    """One row."""', "", *_lines(row), "", ""]
    parts += [f"class {class_name}(Submission):", '    """What a unit fills in."""', "", *_lines(fields)]
    for name in fields.rows:
        slots = fields.least[name]
        parts.append(
            f"    {name}: Annotated[list[{_row_class(name)}], Slots({slots}), "
            'Field(title="名单", min_length=1, max_length=10_000)]'
        )
    return "\n".join(parts) + "\n"


def _lines(fields: _Fields) -> list[str]:
    lines = []
    for name, (title, annotation, _) in fields.plain.items():
        if "list[" in annotation:
            most = fields.least.get(name, 10)
            lines.append(f'    {name}: {annotation}, Field(title="{title}", min_length=1, max_length={most})]')
        elif name in {"sealed_on", "date"} or name.endswith("opinion"):
            optional = annotation.replace("Annotated[IsoDate", "Annotated[IsoDate | None").replace(
                "Annotated[str, Words()", "Annotated[str | None, Words()"
            )
            lines.append(f'    {name}: {optional}, Field(title="{title}")] = None')
        else:
            lines.append(f'    {name}: {annotation}, Field(title="{title}")]')
    return lines


def _row_class(name: str) -> str:
    return name.rstrip("s").title().replace("_", "") + "Row"


def sample(fields: _Fields) -> str:
    """Return a sample submission as JSON, to be replaced by invented but lifelike values."""
    values: dict[str, object] = {name: value for name, (_, _, value) in fields.plain.items()}
    for name, row in fields.rows.items():
        values[name] = [{field_name: value for field_name, (_, _, value) in row.plain.items()}]
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
