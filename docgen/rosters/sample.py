"""A roster to try with: invented people and organisations, one row to mend and one to look at twice."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen import service
from docgen.forms.shape import Leaf
from docgen.issuing import orders
from docgen.rosters import mending
from docgen.rosters.headings import DATE, fields_of
from docgen.rosters.roster import Roster, Row

if TYPE_CHECKING:
    from docgen.forms.form import Form
    from docgen.rosters.mending import Mended

FILE: Final = "样例名单.xlsx"
_SHEET: Final = "名单"
_FIRST: Final = 2
_NAMES: Final = MappingProxyType(
    {
        "org_name": (
            "云岭精密轴承制造有限公司",
            "青川市第二供水有限公司",
            "云岭省人民电力建设公司",
            "临江化工机械有限公司",
            "望海港口集团有限公司",
            "清川市第二供水有限公司",
        ),
        "group_name": ("攀登者QC小组", "清源QC小组", "光明使者QC小组", "精工QC小组", "扬帆QC小组", "晨露QC小组"),
        "team_name": ("一号机班组", "净水班组", "带电作业班组", "检修班组", "岸桥班组", "管网班组"),
        "name": ("章启明", "白露", "雷鸣", "卢思远", "欧阳雪", "方致远"),
        "topic_name": (
            "降低轴承套圈磨削废品率",
            "缩短管网抢修时间",
            "提高铁塔组立一次合格率",
            "降低反应釜密封泄漏率",
            "提高岸桥装卸效率",
            "降低水质浊度超标次数",
        ),
        "story_name": ("一滴水的旅程", "万家灯火", "千分之一毫米", "零泄漏之路", "潮起望海", "听管人"),
        "members": (
            "章启明、卢思远、欧阳雪",
            "白露、方致远",
            "雷鸣、乔木",
            "秦川、梅雨辰",
            "于洋、江帆",
            "方知秋、柳青",
        ),
        "authors": ("章启明", "白露", "雷鸣", "秦川", "于洋", "方知秋"),
    }
)
_TO_MEND: Final = 3
"""The place of the row whose holder's name is missing. The last organisation looks like the second."""


def sample(form: Form) -> Mended:
    """Return a roster to try with."""
    _, honour = orders.certificate_form(form.id)
    given: dict[str, Any] = service.sample(form)
    names = [name for name in fields_of(form) if name != DATE]
    columns = {name: (place,) for place, name in enumerate(names, 2)}
    headings = {name: form.shape.fields[name].title for name in names}
    count = len(_NAMES["org_name"])
    rows = tuple(Row(_SHEET, _FIRST + place, {}, {}) for place in range(count))
    found = mending.begun(Roster(form, _SHEET, columns, headings, rows, count), FILE)
    for place, row in enumerate(rows):
        texts = {name: _words(form, name, place, given.get(name)) for name in names}
        if place == _TO_MEND:
            texts[honour.holder[-1] if form.shape.fields[honour.holder[-1]].required else honour.holder[0]] = ""
        found = mending.retyped(found, row.number, texts)
    return found


def _words(form: Form, name: str, place: int, value: object) -> str:
    node = form.shape.fields[name]
    if name in _NAMES:
        return _NAMES[name][place]
    if isinstance(node, Leaf) and node.options:
        return node.options[place % len(node.options)]
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")
