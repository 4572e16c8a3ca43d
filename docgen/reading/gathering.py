"""Readings of single places to one submission: tags before places, doubts told, empty places left out."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.forms.messages import label_at, pointer_to
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series
from docgen.reading.folding import fold
from docgen.reading.result import How, ReadingProblem
from docgen.reading.values import Read, read_names, read_tick, read_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.reading.skeleton import Slot

Path = tuple[str | int, ...]
"""Names and, for lists, numbers that put the items in order (not yet 0, 1, 2)."""
MOST_DOUBTS: Final = 200
_STEPS: Final = re.compile(r"[^.\[\]]+|\[\d*\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one place says: ``text`` as typed, ``checked`` the state that a tick box keeps beside its symbol."""

    text: str
    how: How
    place: str
    checked: bool | None = None
    beside: bool = False
    """Words stand beside its control."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something wrong with a place of the form, told with the file's place."""

    code: str
    place: str
    detail: str
    remedy: str
    path: Path | None = None


def path_of(slot_path: str, keys: Mapping[str, int]) -> Path | None:
    """Return the path of a slot, with the number of its item in each list; None where an item cannot be told."""
    found: list[str | int] = []
    group = ""
    for step in _STEPS.findall(slot_path):
        if step == "[]":
            group += "[]"
            if group not in keys:
                return None
            found.append(keys[group])
        elif step.startswith("["):
            group += step
            found.append(int(step[1:-1]))
        else:
            group += f".{step}" if group else step
            found.append(step)
    return tuple(found)


class Gathering:
    """Takes entries and doubts and makes the submission of them."""

    def __init__(self, form: Form) -> None:
        """Start empty."""
        self._form = form
        self._entries: dict[Path, list[Entry]] = defaultdict(list)
        self._ticks: dict[Path, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self._doubts: list[Doubt] = []
        self._void: dict[Path, Doubt] = {}
        self._left: dict[Path, str] = {}
        self._final: dict[Path, Path] = {}
        self._how: dict[str, How] = {}

    def put(self, slot: Slot, path: Path, entry: Entry) -> None:
        """Add what a place says about a field."""
        if slot.option:
            self._ticks[path][slot.option].append(entry)
        else:
            self._entries[path].append(entry)

    def doubt(self, doubt: Doubt) -> None:
        """Add a problem."""
        told = any(one.code == doubt.code and one.path == doubt.path for one in self._doubts if one.path is not None)
        if not told and doubt not in self._doubts and not self.is_full:
            self._doubts.append(doubt)
            if self.is_full:
                detail = f"问题超过 {MOST_DOUBTS} 处，其余未列出"
                self._doubts.append(Doubt("more-problems", "全文", detail, "请先改正以上各处再读"))

    @property
    def is_full(self) -> bool:
        """Whether there are more problems than a person reads."""
        return len(self._doubts) >= MOST_DOUBTS

    def void(self, doubt: Doubt) -> None:
        """Add a problem that leaves a field without a value, unless a tag tells it."""
        if doubt.path is not None:
            self._void[doubt.path] = doubt

    def leave(self, place: str, path: Path | None) -> None:
        """Note words that belong to no field where tags tell the fields around them."""
        if path is not None:
            self._left.setdefault(path, place)

    def knows(self, path: Path) -> bool:
        """Whether some place said something about a field."""
        return path in self._entries or path in self._ticks

    def submission(self) -> tuple[dict[str, Any], dict[str, How], tuple[ReadingProblem, ...]]:
        """Return the submission, how its values were found, and the problems in the order they were met."""
        for path, doubt in self._void.items():
            if not any(entry.how is How.TAG for entry in self._entries.get(path, ())):
                self.doubt(doubt)
        for path, place in self._left.items():
            if any(entry.how is How.TAG for entry in self._entries.get(path, ())):
                detail = "填写框外还有文字，没有读入"
                self.doubt(Doubt("words-beside", place, detail, "请把文字剪切到填写框里，或者删去", path))
        found = self._build(self._form.printed, (), ())
        return found or {}, self._how, tuple(map(self._told, self._doubts))

    def _told(self, doubt: Doubt) -> ReadingProblem:
        if doubt.path is None:
            return ReadingProblem(doubt.code, "", "", doubt.place, doubt.detail, doubt.remedy)
        pointer = pointer_to(self._final.get(doubt.path, doubt.path))
        label = label_at(pointer, self._form.shape)
        return ReadingProblem(doubt.code, pointer, label, doubt.place, doubt.detail, doubt.remedy)

    def _build(self, node: Node, path: Path, final: Path) -> Any:  # noqa: ANN401  JSON-like data
        self._final[path] = final
        match node:
            case Group():
                made = {name: self._build(child, (*path, name), (*final, name)) for name, child in node.fields.items()}
                return {name: value for name, value in made.items() if value is not None} or None
            case Series() if path in self._entries:
                return self._chosen(path, final, read_names)
            case Series():
                return self._items(node, path, final)
            case Leaf() if path in self._ticks:
                return self._ticked(node, path, final)
            case Leaf():
                return self._chosen(path, final, lambda text: read_value(node, text))

    def _items(self, node: Series, path: Path, final: Path) -> list[Any] | None:
        depth = len(path)
        known = [*self._entries, *self._ticks]
        keys = sorted({key for one in known if one[:depth] == path and isinstance(key := one[depth], int)})
        found: list[Any] = []
        for key in keys:
            value = self._build(node.item, (*path, key), (*final, len(found)))
            if value is not None:
                found.append(value)
        return found or None

    def _chosen(self, path: Path, final: Path, read: Any) -> Any:  # noqa: ANN401  JSON-like data
        """Return the one value that the places of a field agree on."""
        entries = [entry for entry in self._entries.get(path, ()) if entry.text.strip()]
        tagged = [entry for entry in entries if entry.how is How.TAG]
        placed = [entry for entry in entries if entry.how is How.GRID]
        if path in self._void and not tagged:
            return None
        for one in tagged[:1]:
            more = [other for other in placed if other.beside and fold(one.text) != fold(other.text)]
            for other in more[:1]:
                detail = "填写框旁边还有文字，没有读入"
                self.doubt(Doubt("words-beside", other.place, detail, "请把文字剪切到填写框里，或者删去", path))
        reads = [(read(entry.text), entry) for entry in tagged or placed]
        for result, entry in reads[:1] if len(reads) == 1 or all(one[0].code for one in reads) else ():
            self._say(result, entry, path)
        values = [(result.value, entry) for result, entry in reads if result.value is not None]
        if not values:
            return None
        if any(value != values[0][0] for value, _ in values):
            places = "、".join(dict.fromkeys(entry.place for _, entry in values))
            detail = "同一项在几处填得不一样，分不清以哪处为准"
            self.doubt(Doubt("contradiction", places, detail, "请改成一样，或只留下一处", path))
            return None
        self._how[pointer_to(final)] = values[0][1].how
        return values[0][0]

    def _say(self, result: Read, entry: Entry, path: Path) -> None:
        if result.code:
            self.doubt(Doubt(result.code, entry.place, result.detail, result.remedy, path))

    def _ticked(self, leaf: Leaf, path: Path, final: Path) -> Any:  # noqa: ANN401  JSON-like data
        """Return the options whose boxes are ticked."""
        chosen: list[str] = []
        how = How.TAG
        for option in leaf.options:
            entries = self._ticks[path].get(option, [])
            state = self._state(entries, option, path)
            if state:
                chosen.append(option)
                how = How.TAG if any(entry.how is How.TAG for entry in entries) else How.GRID
        if len(chosen) > 1 and leaf.kind is LeafKind.CHOICE:
            place = self._ticks[path][chosen[0]][0].place
            self.doubt(Doubt("several-ticks", place, "只能勾选一项，现在勾选了几项", "请只留一个勾", path))
            return None
        if not chosen:
            texts = self._chosen(path, final, lambda text: read_value(leaf, text)) if path in self._entries else None
            return texts if leaf.kind is LeafKind.CHOICE else None
        self._how[pointer_to(final)] = how
        return chosen if leaf.kind is LeafKind.CHOICES else chosen[0]

    def _state(self, entries: Sequence[Entry], option: str, path: Path) -> bool:
        tagged = [entry for entry in entries if entry.how is How.TAG] or list(entries)
        states: set[bool | None] = set()
        for entry in tagged:
            mark = read_tick(entry.text)
            if mark is None or (entry.checked is not None and entry.checked != mark):
                states.add(None)
            else:
                states.add(mark)
        if len(states) == 1 and None not in states:
            return bool(states.pop())
        if states:
            detail = f"看不出「{option}」前面的方框是否勾选"
            remedy = "请在方框内单击勾选，或把方框写成 ☑ 或 □"
            self.doubt(Doubt("tick-unclear", tagged[0].place, detail, remedy, path))
        return False
