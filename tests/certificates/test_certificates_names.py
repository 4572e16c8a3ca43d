"""Personal names before the public: masked, and compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.certificates.names import masked, same

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张小三", "张*三"),
        ("张三", "张*"),
        ("李", "*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳雪", "欧阳*"),
        ("欧阳", "欧*"),
        ("张 小 三", "张*三"),
        ("张　三", "张*"),
        ("孙悟空大圣", "孙***圣"),
        ("阿不都·热合曼", "阿**·热**"),
        ("阿不都•热合曼", "阿**·热**"),
        ("阿不都・热合曼", "阿**·热**"),
        ("艾力·库尔班·买买提", "艾*·库**·买**"),
        ("𠮷小㛃", "𠮷*㛃"),
        ("𪚥𫝀", "𪚥*"),
        ("\U00030000\U0002b820\U0002ceb0", "\U00030000*\U0002ceb0"),  # Ext-G, E, F
        ("John Smith", "J*******h"),
        ("一" * 30, "一" + "*" * 28 + "一"),
    ],
)
def test_masks(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(st.text(HAN, min_size=1, max_size=30))
def test_no_mask_shows_what_lies_in_the_middle(name: str) -> None:
    shown = masked(name)
    assert len(shown) == len(name)
    assert "*" in shown
    kept = [(place, char) for place, char in enumerate(shown) if char != "*"]
    assert all(name[place] == char for place, char in kept)
    assert {place for place, _ in kept} <= ({0, 1} if name[:2] in shown else {0, len(name) - 1})


@given(st.lists(st.text(HAN, min_size=1, max_size=6), min_size=2, max_size=4))
def test_of_a_name_with_dots_only_the_beginnings_are_shown(parts: list[str]) -> None:
    assert masked("·".join(parts)).replace("*", "") == "·".join(part[0] for part in parts)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张三", "张三"),
        (" 张 三　", "张三"),
        ("阿不都热合曼", "阿不都·热合曼"),
        ("阿不都•热合曼", "阿不都·热合曼"),
        ("阿不都・热合曼", "阿不都·热合曼"),
        ("阿不都･热合曼", "阿不都·热合曼"),
        ("José", unicodedata.normalize("NFD", "José")),
        (unicodedata.normalize("NFD", "José"), "José"),
        ("Ｊｏｓé", "José"),
        ("𠮷小㛃", "𠮷小㛃"),
        ("\ufa10", "\u585a"),  # a compatibility character and the one it stands for
    ],
)
def test_what_is_the_same_name(typed: str, name: str) -> None:
    assert same(typed, name)
    assert same(name, typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张四", "张三"),
        ("张小三", "张大三"),  # of the same mask
        ("张*三", "张小三"),
        ("张", "张三"),
        ("张三丰", "张三"),
        ("吉小洁", "𠮷小㛃"),
        ("艾力", "艾力·库尔班"),
        ("張三", "张三"),
        ("jose", "José"),
        ("", "张三"),
    ],
)
def test_what_is_another_name(typed: str, name: str) -> None:
    assert not same(typed, name)
    assert not same(name, typed)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_whatever_somebody_types_is_answered(typed: str) -> None:
    assert not same(typed, "章启明" * 20)
    masked(typed)
