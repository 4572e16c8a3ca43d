"""Which filter prints which kind of value."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from docgen.forms.shape import LeafKind

TAKES: Final = MappingProxyType(
    {
        "day": frozenset({LeafKind.DATE}),
        "numerals": frozenset({LeafKind.DATE}),
        "month": frozenset({LeafKind.MONTH}),
        "period": frozenset({LeafKind.PERIOD}),
        "tick": frozenset({LeafKind.CHOICE, LeafKind.CHOICES}),
        "paragraphs": frozenset({LeafKind.TEXT}),
        "names": frozenset(),
        "picture": frozenset(),
    }
)
"""Which kinds of value each filter prints; ``names`` takes a list of lines, ``picture`` a picture and its caption."""

MUST_FILTER: Final = MappingProxyType(
    {
        LeafKind.DATE: ("日期", "{{{{ {0}|day }}}}，证书用 {{{{ {0}|numerals }}}}"),
        LeafKind.MONTH: ("年月", "{{{{ {0}|month }}}}"),
        LeafKind.PERIOD: ("起止年月", "{{{{ {0}|period }}}}"),
        LeafKind.CHOICES: ("多选项", '逐项写 {{{{ {0}|tick("选项") }}}}'),
        LeafKind.TEXT: ("多行文字", "{{%p for line in {0}|paragraphs %}}，循环里写 {{{{ line }}}}"),
        LeafKind.PICTURE: ("图片文件", "{{{{ 图片|picture }}}}，「图片」是 {0} 所在的那一组"),
    }
)
KIND_NAMES: Final = MappingProxyType(
    {
        LeafKind.LINE: "单行文字",
        LeafKind.TEXT: "多行文字",
        LeafKind.INTEGER: "整数",
        LeafKind.NUMBER: "数字",
        LeafKind.MONTH: "年月",
        LeafKind.DATE: "日期",
        LeafKind.PERIOD: "起止年月",
        LeafKind.CHOICE: "单选项",
        LeafKind.CHOICES: "多选项",
        LeafKind.PICTURE: "图片文件",
    }
)
