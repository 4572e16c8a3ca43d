"""Characters that are typed for one another: traditional and simplified, alike to the eye, alike to the ear.

Plain data, and no more than that: a short list of what goes wrong in names of people and organisations. Two names that
differ only by such characters are pointed out; they may well be two people, so nothing is ever changed.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_TRADITIONAL: Final = (
    "赵趙 陈陳 刘劉 张張 黄黃 杨楊 吴吳 孙孫 马馬 郑鄭 谢謝 许許 邓鄧 冯馮 萧肖蕭 蒋蔣 叶葉 "
    "苏蘇 吕呂 卢盧 钟鍾鐘 韩韓 龙龍 万萬 贺賀 顾顧 龚龔 严嚴 钱錢 汤湯 罗羅 宁寧甯 阎閻闫 "
    "齐齊 庄莊 余餘 云雲 东東 华華 国國 丽麗 红紅 荣榮 强強 伟偉 军軍 贵貴 凤鳳 银銀 铁鐵 "
    "兰蘭 莲蓮 梦夢 义義 礼禮 庆慶 寿壽 树樹 杰傑 峰峯 群羣 台臺 湾灣 厂廠 厅廳 电電 机機 "
    "业業 团團 车車 气氣 铜銅 钢鋼 设設 备備 总總 会會 质質 动動 发發 无無 乐樂 长長 门門 "
    "飞飛 鸿鴻 凯凱 维維 诗詩 语語 谦謙 锋鋒 颖穎 骏駿 鹏鵬 麦麥 党黨 应應 于於 启啟啓 韵韻 "
    "宝寶 娇嬌 鲜鮮 泽澤 涛濤 润潤 洁潔 尔爾 爱愛 晓曉 晋晉 显顯 权權 档檔 标標 栋棟 纯純 "
    "绍紹 绪緒 辉輝 远遠"
)
_SEEN: Final = (
    "戴载 末未 己已巳 玲铃伶冷 戊戌戍 冶治 侯候 汩汨 祎袆 祗祇 炅灵 曰日 土士 干千于 王玉 "
    "人入八 大太犬 刀力 夫天 申甲由 贝见 间问 拔拨 微徽 崇祟 茶荼 晴睛 管菅 候侯 洒酒 免兔 "
    "卯卵 乌鸟 田由甲申 沐沭 昴昂 o0〇 1l 暧暖 玟玫 琪棋淇 恬甜 桦烨"
)
_HEARD: Final = (
    "伟玮炜纬 辰晨宸 莹瑩颖盈 燕艳 敏民 涛滔韬 婷亭廷庭 娟鹃 静靖婧 佳嘉家 琳林霖 浩皓昊 宇雨羽 "
    "轩萱 梓子紫 欣心新馨 志智致 建健 军君钧 平萍 芳方 红洪宏鸿 明铭鸣 杰洁 彬斌滨 晓小筱 丽莉俐 "
    "雯文 倩茜 璐露路 瑞睿锐 淑书 永勇咏 立利力 振震镇 凯楷 媛圆园 清青 春纯 海骇 涵晗函"
)
_MARKS: Final = "·•・‧･∙⋅.。"
"""What stands between the parts of a name."""
_DASHES: Final = "-‐‑–—―－"
_SERIAL: Final = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百两甲乙丙丁戊己庚辛壬癸东西南北中上下左右前后大小新老早晚内外春夏秋冬"
)
"""Characters that tell one of a series from the next on purpose: 一班 and 二班, A组 and B组, 城东 and 城西."""


def _classes() -> dict[str, str]:
    """Return character -> the one that stands for all it is typed for; lists that share one are one."""
    found: dict[str, str] = {}
    for some in (*_TRADITIONAL.split(), *_SEEN.split()):
        joined = {found.get(char, char) for char in some}
        stands = min(joined)
        found |= dict.fromkeys(some, stands)
        found |= {char: stands for char, other in found.items() if other in joined}
    return found


_ALIKE: Final = MappingProxyType(_classes())
_SOUNDS: Final = MappingProxyType(
    {
        char: frozenset(other for some in _HEARD.split() if char in some for other in some)
        for char in "".join(_HEARD.split())
    }
)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return a text in one width, without spaces and case, its dots and dashes all the same or gone."""
    found = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return "".join("-" if char in _DASHES else char for char in found if char not in _MARKS)


def shape(text: str) -> str:
    """Return a plain text with each character replaced by the one that stands for its look-alikes."""
    return "".join(_ALIKE.get(char, char) for char in text)


def confused(one: str, other: str) -> bool:
    """Tell whether two characters are typed for one another."""
    return _ALIKE.get(one, one) == _ALIKE.get(other, other) or other in _SOUNDS.get(one, ())


def in_series(one: str, other: str) -> bool:
    """Tell whether two characters, or one and none, tell neighbours of a series apart on purpose."""
    return all(char in _SERIAL for char in (one, other) if char)
