"""What a person should look at twice before certificates are printed; none of it stops anything.

Names that are nearly the same are found by what is left when one character is taken away: two names that differ by one
character share such a remainder, so ten thousand names need one dictionary and no comparison of all with all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.forms.shape import Series
from docgen.rosters import lookalikes
from docgen.rosters.roster import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.rosters.roster import Roster

    Registered = Callable[[frozenset[str]], Iterable["Known"]]
    """Given the organisations of a roster, returns what is registered of them."""

_ORGANISATION: Final = "org_name"
_CROWD: Final = 20
"""Names that share all but one character: more are a naming habit, not slips."""
_SHORTEST: Final = 2
_SHORTEST_MEMBER: Final = 3
"""In lists of people, two-character names that share a surname are usual: there only look-alikes are told."""
_MOST_TOLD: Final = 200
"""Doubts of one kind; more are counted and not listed."""
_ENDINGS: Final = re.compile(
    "(?:公司|厂|院|局|中心|集团|部|所|站|处|校|大学|学院|协会|学会|商会|联合会|工会|委员会|办公室|银行|支行|分行|医院|矿|队|店|社|段|"
    "车间|基地|总站|水务|电厂|油田|管理处|服务区|营业厅|合作社|研究会|基金会|事务所|项目部|指挥部|党委|政府)(?:[(（][^()（）]*[)）])?$"
)
_DIGIT: Final = re.compile(r"\d")
_AND_SO_ON: Final = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?[人名位]?$")
_BRACKET: Final = re.compile("[()（）\\[\\]【】]")
_LOOK: Final = "请对照原件核对，是同一个的请改成一样"


@dataclass(frozen=True, slots=True)
class Known:
    """A holder that is already registered: its organisation, the field and the name, and the certificate's number."""

    organisation: str
    field: str
    name: str
    number: str


def nobody(_: frozenset[str]) -> Iterable[Known]:
    """Stand in for a registry where there is none to look into."""
    return ()


@dataclass(frozen=True, slots=True)
class _Named:
    """A name and where it stands: a cell of the file, or a certificate's number in the registry."""

    name: str
    place: Place
    number: str = ""

    def __str__(self) -> str:
        return f"已颁发的证书 {self.number}" if self.number else f"{self.place.cell} 格"


def find(roster: Roster, shared: Mapping[str, Any], registered: Registered = nobody) -> tuple[Problem, ...]:
    """Return what looks wrong in the rows that are no longer skipped, and beside what is registered."""
    names = _names(roster, shared)
    known = list(registered(frozenset(organisation for organisation, _ in names if organisation)))
    found = [*_odd(roster), *_twice(roster)]
    lists = frozenset(name for name, node in roster.form.shape.fields.items() if isinstance(node, Series))
    found += _near(names, known, lists)
    found += _places(roster, shared)
    return tuple(_listed(found))


def _listed(found: Iterable[Problem]) -> Iterator[Problem]:
    """Pass on the first of each kind, and say how many more there are."""
    counts: Counter[str] = Counter()
    for problem in found:
        counts[problem.code] += 1
        if counts[problem.code] <= _MOST_TOLD:
            yield problem
    for code, count in counts.items():
        if count > _MOST_TOLD:
            detail = f"同类提示（{code}）还有 {count - _MOST_TOLD:,} 处，没有列出"
            yield Problem("more-doubts", Place(), detail, "请先核对已列出的")


def _names(roster: Roster, shared: Mapping[str, Any]) -> dict[tuple[str, str], list[_Named]]:
    """Return (organisation, field) -> names that stand there; organisations themselves stand under ("", field)."""
    found: dict[tuple[str, str], list[_Named]] = defaultdict(list)
    fields = _name_fields(roster.form)
    for row in roster.rows:
        if row.skipped:
            continue
        organisation = str(row.values.get(_ORGANISATION, shared.get(_ORGANISATION, "")))
        if _ORGANISATION in row.values:
            found["", _ORGANISATION].append(_Named(organisation, roster.place(row, _ORGANISATION)))
        for name in fields:
            value = row.values.get(name)
            for one in value if isinstance(value, list) else [value] if value else []:
                found[organisation, name].append(_Named(str(one), roster.place(row, name)))
    return found


def _name_fields(form: Form) -> tuple[str, ...]:
    honour = form.honour
    return () if honour is None else tuple(name for name in (*honour.holder, *honour.persons) if name != _ORGANISATION)


def _near(
    names: Mapping[tuple[str, str], Sequence[_Named]], known: Sequence[Known], lists: frozenset[str]
) -> Iterator[Problem]:
    """Find names of one field that are nearly the same, within one organisation, however that is written.

    ``lists`` are the fields that hold several people.
    """
    groups: dict[tuple[str, str], list[_Named]] = defaultdict(list)
    for one in known:
        groups[lookalikes.plain(one.organisation), one.field].append(_Named(one.name, Place(), one.number))
        groups["", _ORGANISATION].append(_Named(one.organisation, Place(), one.number))
    for (organisation, name), some in names.items():
        groups[lookalikes.plain(organisation), name] += some
    for (_, name), some in groups.items():
        yield from _variants(some, _SHORTEST_MEMBER if name in lists else _SHORTEST)


def _variants(some: Sequence[_Named], shortest: int) -> Iterator[Problem]:
    """Find spellings that are the same but for width, spaces or look-alikes, or but for one character."""
    first: dict[str, _Named] = {}
    for one in some:
        first.setdefault(one.name, one)
    plain: dict[str, _Named] = {}
    shapes: dict[str, str] = {}
    for name, one in first.items():
        key = lookalikes.plain(name)
        if before := plain.get(key):
            yield from _told("same-but-marks", one, before, "只有全角半角、大小写、空格、间隔号或短横不同")
            continue
        shape = lookalikes.shape(key)
        if other := shapes.get(shape):
            before = plain[other]
            yield from _told("look-alike", one, before, f"只有形近字或繁简字不同：{_difference(key, other)}")
        else:
            shapes[shape] = key
        plain[key] = one
    yield from _one_apart(plain, shortest)


def _one_apart(plain: Mapping[str, _Named], shortest: int) -> Iterator[Problem]:
    """Find names that differ by one character: one more, one less, or another."""
    remainders: dict[str, list[str]] = defaultdict(list)
    for key in plain if len(plain) > 1 else ():
        for rest in {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}:
            remainders[rest].append(key)
    told: set[str] = set()
    crowds = 0
    for rest, keys in remainders.items():
        some = keys if len(keys) <= _CROWD else _unlike_neighbours(keys, rest)
        crowds += len(some) > _CROWD
        for at, key in enumerate(some if len(some) <= _CROWD else ()):
            before = next((other for other in some[:at] if _slip(key, other, shortest)), None)
            if before is not None and key not in told:
                told.add(key)
                yield from _told("one-character", plain[key], plain[before], f"只差一个字：{_difference(key, before)}")
    if crowds:
        detail = f"有 {crowds} 组名称彼此只差一个字，每组超过 {_CROWD} 个，没有逐对比较"
        yield Problem("many-alike", Place(), detail, "请抽查这些名称")


def _unlike_neighbours(keys: Sequence[str], rest: str) -> list[str]:
    """Return names without those that a number or the like tells from one another, but for one of these."""
    serial = [key for key in keys if key != rest and lookalikes.in_series(*(_apart(key, rest) or ("?", "")))]
    return serial[:1] + [key for key in keys if key not in set(serial)]


def _slip(one: str, other: str, shortest: int) -> bool:
    """Tell whether two names could be one, mistyped by one character."""
    apart = _apart(one, other)
    if apart is None or lookalikes.in_series(*apart) or lookalikes.shape(one) == lookalikes.shape(other):
        return False
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= _SHORTEST and (longer >= shortest or lookalikes.confused(*apart))


def _apart(one: str, other: str) -> tuple[str, str] | None:
    """Return the one character by which each differs from the other, "" for none; None where more differ."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    for mine, theirs in ((1, 1), (1, 0), (0, 1)):
        if one[at + mine :] == other[at + theirs :]:
            return one[at : at + mine], other[at : at + theirs]
    return None


def _told(code: str, one: _Named, before: _Named, difference: str) -> Iterator[Problem]:
    """Tell of a pair at the place of the roster; two that are both registered are the registry's."""
    if one.number and before.number:
        return
    here, there = (before, one) if one.number else (one, before)
    yield Problem(code, here.place, f"与 {there} 的名称{difference}", _LOOK)


def _difference(one: str, other: str) -> str:
    """Return where two names differ: 「戴」和「载」, 多「红」."""
    if len(one) == len(other):
        return "、".join(f"「{a}」和「{b}」" for a, b in zip(one, other, strict=True) if a != b)
    mine, theirs = _apart(one, other) or ("", "")
    return f"多「{mine}」" if mine else f"少「{theirs}」"


def _odd(roster: Roster) -> Iterator[Problem]:
    """Find what is odd about one name by itself."""
    honour = roster.form.honour
    persons = honour.persons if honour else ()
    for row in roster.rows:
        if row.skipped:
            continue
        for name in persons:
            value = row.values.get(name)
            for at, one in enumerate(value if isinstance(value, list) else [value] if value else [], 1):
                if detail := _odd_person(str(one)):
                    which = f"第 {at} 个姓名" if isinstance(roster.form.shape.fields[name], Series) else "姓名"
                    yield Problem("odd-name", roster.place(row, name), f"{which}{detail}", "请核对，填姓名全称")
        organisation = str(row.values.get(_ORGANISATION, ""))
        if organisation and not _ENDINGS.search(organisation):
            yield Problem(
                "odd-organisation",
                roster.place(row, _ORGANISATION),
                "名称的结尾不是常见的公司、厂、院、局、中心等",
                "请对照公章核对是否写全",
            )


def _odd_person(name: str) -> str:
    if _DIGIT.search(name):
        return "里有数字"
    if len(name) == 1:
        return "只有一个字"
    if _AND_SO_ON.search(name):
        return "以“等”结尾，像是没有列全"
    return "里有括号" if _BRACKET.search(name) else ""


def _twice(roster: Roster) -> Iterator[Problem]:
    """Find a person who stands twice in one list."""
    for row in roster.rows:
        for name, value in row.values.items() if not row.skipped else ():
            if isinstance(value, list) and len({lookalikes.plain(one) for one in value}) < len(value):
                yield Problem("person-twice", roster.place(row, name), "同一个姓名出现了两次", "请核对，重复的请删去")


def _places(roster: Roster, shared: Mapping[str, Any]) -> Iterator[Problem]:
    """Compare how many are honoured with the places that the notice gives."""
    honour = roster.form.honour
    if honour is None or not honour.places:
        return
    rows = [row for row in roster.rows if not row.skipped]
    counts = Counter(str({**shared, **row.values}.get(honour.grade, "")) for row in rows)
    for grade, most in honour.places.items():
        if counts[grade] > most:
            what = f"{grade} {counts[grade]} 个" if grade else f"{counts[grade]} 个"
            place = Place(roster.sheet, 0, 0, roster.headings.get(honour.grade, ""))
            sentences = [rule.sentence for rule in roster.form.rules]
            source = f"；通知原文：{'；'.join(sentences)}" if sentences else ""
            yield Problem("too-many-places", place, f"名单里有{what}，通知的名额是 {most} 个{source}", "请核对评选结果")
