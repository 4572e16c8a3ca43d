"""From an Excel file to a roster: the sheet, its head, and every row below it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from openpyxl.utils import get_column_letter

from docgen import service
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.issuing import orders
from docgen.render.gate import RefusedFileError
from docgen.rosters import cells, headings, lines, synonyms
from docgen.rosters.cells import Told
from docgen.rosters.headings import bare, fold, titles
from docgen.rosters.roster import Place, Problem, Roster, Row
from docgen.rosters.sheets import open_sheets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from docgen.forms.form import Form, Honour
    from docgen.rosters.headings import Table
    from docgen.rosters.sheets import Cell, Line

_MOST_LISTED: Final = 30
"""Headings, rows or columns that a sentence lists."""
_ANOTHER: Final = "从这一行起像是另一张表，没有读"
_CHANGED: Final = "这一行标着“示例”，不颁发；里面的内容与模板的示例不同"
_MARK: Final = Leaf(synonyms.REF_TITLE, LeafKind.LINE)


@dataclass(slots=True)
class _Rows:
    """The rows of one table, as they are found."""

    rows: list[Row] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows_in: int = 0
    unnamed: Counter[int] = field(default_factory=Counter)
    """Columns without a heading that hold something in a row of data."""

    @property
    def data(self) -> list[Row]:
        return [row for row in self.rows if not row.skipped]


def read(data: bytes, form: Form, given: Collection[str] = ()) -> Roster:
    """Return the rows of an Excel file for a certificate form; ``given`` are fields that all rows share.

    What is wrong in the file is told in the roster. Raises RefusedFileError for a file that is no sound xlsx or is
    too large, SubmissionError for a form that is no certificate.
    """
    _, honour = orders.certificate_form(form.id)
    sheets, hidden = open_sheets(data)
    wanted = [sheet for sheet in sheets if fold(sheet.name) != synonyms.GUIDE]
    heads = {sheet.name: headings.heads(sheet, form, given) for sheet in wanted}
    tables = _distinct(one for some in heads.values() for one in some if one.fits)
    found = {id(table): _Reader(table, heads[table.sheet.name], form, honour).walk() for table in tables}
    if len(tables) > 1:
        tables = [table for table in tables if found[id(table)].data] or tables[:1]
    if len(tables) > 1:
        return _refused(form, _several(tables))
    if not tables:
        return _unfit(form, honour, heads, given)
    (table,) = tables
    skipped_sheets = [sheet.name for sheet in wanted if sheet is not table.sheet] + list(hidden)
    faults = list(_doubts(table))
    if not found[id(table)].data:
        nothing = f"表头（第 {table.top} 行）下面没有一行内容"
        faults.append(Problem("no-rows", Place(table.sheet.name, table.bottom), nothing, "请填写后重试"))
    return _roster(form, table, found[id(table)], faults, skipped_sheets)


def _distinct(tables: Iterable[Table]) -> list[Table]:
    """Return the first of the tables of a sheet that have the same layout."""
    found: dict[tuple[str, object], Table] = {}
    for table in tables:
        found.setdefault((table.sheet.name, table.layout), table)
    return list(found.values())


def _roster(form: Form, table: Table, found: _Rows, general: Iterable[Problem], skipped_sheets: list[str]) -> Roster:
    if len(found.data) > orders.MOST_ROWS:
        raise RefusedFileError(
            "too-large",
            f"名单有 {len(found.data):,} 行，一次最多 {orders.MOST_ROWS:,} 行",
            "请拆成几个文件，分几批颁发",
        )
    return Roster(
        form=form,
        sheet=table.sheet.name,
        columns={name: heading.columns for name, heading in table.fields.items()},
        headings={name: bare(heading.label) for name, heading in table.fields.items()},
        rows=tuple(found.rows),
        rows_in=found.rows_in,
        general=tuple(general),
        warnings=(*_told_of_sheets(skipped_sheets), *_hidden(table, found), *found.warnings),
        ignored=tuple(
            dict.fromkeys(bare(one.label) for one in table.others if fold(one.label) not in synonyms.NUMBERING)
        ),
    )


def _refused(form: Form, *faults: Problem) -> Roster:
    return Roster(form, "", {}, {}, (), 0, faults)


def _several(tables: Sequence[Table]) -> Problem:
    where = "、".join(f"「{table.sheet.name}」第 {table.top} 行" for table in tables[:_MOST_LISTED])
    return Problem(
        "several-tables",
        Place(),
        f"有 {len(tables)} 张表的表头都对得上，不知道该读哪一张：{where}",
        "请只留下要颁发的那一张，其余的删去或另存为别的文件",
    )


def _unfit(form: Form, honour: Honour, heads: dict[str, tuple[Table, ...]], given: Collection[str]) -> Roster:
    """Return a roster that says what its head lacks; its rows are read all the same, and none is good."""
    needed = [name for name in headings.fields_of(form) if form.shape.fields[name].required and name not in given]
    needed = [name for name in needed if name != headings.DATE]
    tables = [one for some in heads.values() for one in some if one.fields or one.doubtful]
    if not tables:
        detail = f"没有找到表头：要有一行写着各栏的名称，至少有{titles(form, needed)}"
        return _refused(form, Problem("no-heading", Place(), detail, "请对照模板补上表头，或直接使用模板填写"))
    table = max(tables, key=lambda one: (not one.strange, len(one.fields) + len(one.doubtful)))
    found = _Reader(table, heads[table.sheet.name], form, honour).walk()
    return _roster(form, table, found, (_misfit(form, table), *_doubts(table)), [])


def _misfit(form: Form, table: Table) -> Problem:
    """Tell why the table that comes nearest is not one of this certificate."""
    place = Place(table.sheet.name, table.top)
    if table.strange:
        detail = f"这张表有「{bare(table.strange)}」一栏，像是另一种荣誉的名单，不是《{form.title}》的"
        return Problem("another-list", place, detail, "请确认证书种类；确是这一种的，请删去这一栏")
    seen = dict.fromkeys(bare(one.label) for one in (*table.fields.values(), *table.others))
    listed = "、".join(f"「{label}」" for label in list(seen)[:_MOST_LISTED])
    detail = f"表头缺少{titles(form, table.missing)}；现有的各栏是：{listed}"
    known = {form.shape.fields[name].title: synonyms.SURE.get(name, ()) for name in table.missing}
    ways = "；".join(
        f"{title}也可写作{'、'.join(one for one in some if one != title)}" for title, some in known.items()
    )
    return Problem("column-missing", place, detail, f"请补上这一栏，或改写栏名（{ways}）")


def _doubts(table: Table) -> Iterator[Problem]:
    for some in table.doubtful.values():
        where = "、".join(f"{get_column_letter(one.columns[0])} 列「{bare(one.label)}」" for one in some)
        yield Problem(
            "column-doubtful",
            Place(table.sheet.name, table.top),
            f"有 {len(some)} 栏意思相同，不知道该用哪一栏：{where}",
            "请只留下一栏，其余的改写栏名或删去",
        )


def _told_of_sheets(names: Sequence[str]) -> Iterator[Problem]:
    if names:
        listed = "、".join(f"「{name}」" for name in names[:_MOST_LISTED])
        yield Problem("sheet-not-read", Place(), f"没有读的工作表：{listed}", "名单也写在那里的，请合到一张表里")


def _hidden(table: Table, found: _Rows) -> Iterator[Problem]:
    """Tell of rows and columns that were read though nobody sees them, and of columns without a heading."""
    sheet = table.sheet
    rows = [row.number for row in found.data if row.number in sheet.hidden_rows]
    if rows:
        yield Problem(
            "hidden-rows",
            Place(sheet.name),
            f"有 {len(rows)} 行被隐藏或筛选掉了，也读进来了：第 {_ranges(rows)} 行",
            "不颁发的请删去这些行，要颁发的请取消隐藏和筛选后核对",
        )
    for heading in table.fields.values():
        if sheet.hidden_columns & set(heading.columns):
            place = Place(sheet.name, table.top, heading.columns[0], bare(heading.label))
            yield Problem("hidden-column", place, "这一列被隐藏了，里面的内容也读进来了", "请取消隐藏后核对")
    for column, count in sorted(found.unnamed.items())[:_MOST_LISTED]:
        yield Problem(
            "column-without-heading",
            Place(sheet.name),
            f"{get_column_letter(column)} 列没有栏名，里面有 {count} 格内容没有读",
            "是名单内容的请写上栏名，不是的请删去",
        )


def _ranges(numbers: Sequence[int]) -> str:
    """Return 3—5、8 for 3, 4, 5, 8."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    shown = ["—".join(map(str, span)) for span in spans[:_MOST_LISTED]]
    return "、".join(shown) + ("…" if len(spans) > len(shown) else "")


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, table: Table, heads: Sequence[Table], form: Form, honour: Honour) -> None:
        self._table, self._form, self._heads = table, form, heads
        self._sorter = lines.Sorter(table, heads, form)
        self._people = {name for name in honour.persons if not isinstance(form.shape.fields[name], Series)}
        self._others = {
            name: {column for other, one in table.fields.items() if other != name for column in one.columns}
            for name in table.fields
        }
        self._found = _Rows()

    def walk(self) -> _Rows:
        """Return every line below the head as a row."""
        for head in self._heads:
            if head.top < self._table.top and head.layout != self._table.layout:
                self._warn("another-table", head.top, _ANOTHER, "要读那张表的，请移到另一个文件")
        for line in self._table.sheet.lines[self._table.at + 1 :]:
            self._found.rows_in += 1
            skipped = self._sorter.why_skipped(line)
            if skipped == lines.OTHER_HEAD:
                self._warn("another-table", line.number, _ANOTHER, "要读那张表的，请移到另一个文件")
            row = self._row(line, skipped)
            if not skipped:
                self._count_unnamed(line)
                row = self._join(line, row) if self._sorter.reach(line) else row
            if skipped == lines.SAMPLE:
                self._compare_with_sample(line, row)
            self._found.rows.append(row)
        return self._found

    def _warn(self, code: str, row: int, detail: str, remedy: str) -> None:
        self._found.warnings.append(Problem(code, Place(self._table.sheet.name, row), detail, remedy))

    def _count_unnamed(self, line: Line) -> None:
        self._found.unnamed.update(column for column in lines.own(line).cells if column not in self._table.named)

    def _compare_with_sample(self, line: Line, row: Row) -> None:
        sample = service.sample(self._form)
        if any(value != sample.get(name) for name, value in row.values.items()):
            self._warn("sample-changed", line.number, _CHANGED, "是真实内容的，请删去“示例”二字")

    def _row(self, line: Line, skipped: str) -> Row:
        words: dict[str, str] = {}
        values: dict[str, Any] = {}
        faults: list[Problem] = []
        notes: list[Problem] = []
        for name, heading in self._table.fields.items():
            some = self._sorter.cells(line, name)
            words[name] = " ".join(cells.words_of(cell) for cell in some)
            value, told, changed = self._value(name, some)
            if value is not None:
                values[name] = value
            place = Place(self._table.sheet.name, line.number, heading.columns[0], bare(heading.label))
            faults += (Problem(one.code, place, one.detail, one.remedy) for one in told)
            notes += (Problem(one.code, place, one.detail, one.remedy) for one in changed)
        if skipped:
            faults, notes = [], []
        self._found.warnings += notes
        ref = values.pop(synonyms.REF, "")
        return Row(self._table.sheet.name, line.number, words, values, ref, skipped, tuple(faults))

    def _value(self, name: str, some: Sequence[Cell]) -> tuple[Any, list[Told], list[Told]]:
        """Return what the cells of a field say, what is wrong with them, and what was changed in reading."""
        node = self._form.shape.fields.get(name, _MARK)
        for cell in some:
            if cell.area and self._others[name] & set(range(cell.area.left, cell.area.right + 1)):
                across = Told("merged-across", "合并单元格横跨了几栏，分不清是哪一栏的内容", "请取消合并，分栏填写")
                return None, [across], []
        if len(some) > 1 and not isinstance(node, Series):
            several = Told("several-cells", "这一栏的几格里都有内容", "请并到一格里")
            return None, [several], []
        day = self._table.sheet.day
        found = [cells.read_person(cell) if name in self._people else cells.read(node, cell, day) for cell in some]
        faults = [one.fault for one in found if one.fault]
        values = [one.value for one in found if one.value is not None]
        notes = [note for one in found for note in one.notes]
        if faults or not values:
            return None, faults, notes
        return ([item for value in values for item in value] if isinstance(node, Series) else values[0]), [], notes

    def _join(self, line: Line, row: Row) -> Row:
        """Add the names of a line to the row whose merged cells reach down to it, where the line brings only names."""
        fresh = lines.own(line).cells
        brought = [name for name, one in self._table.fields.items() if set(one.columns) & set(fresh)]
        before = next((at for at in range(len(self._found.rows) - 1, -1, -1) if not self._found.rows[at].skipped), None)
        names = [name for name in brought if isinstance(self._form.shape.fields.get(name), Series)]
        if before is None or names != brought or self._found.rows[before].number < self._sorter.reach(line):
            return row
        above = self._found.rows[before]
        more = {name: [*above.values.get(name, ()), *row.values.get(name, ())] for name in names}
        words = {name: f"{above.words.get(name, '')} {row.words[name]}" for name in names}
        self._found.rows[before] = replace(
            above,
            words={**above.words, **words},
            values={**above.values, **more},
            faults=(*above.faults, *row.faults),
        )
        return replace(row, skipped=f"成员已并入第 {above.number} 行（合并单元格）", faults=())
