r"""Field types that forms share: text that is safe to print, counted in 字, and the small values of the notices.

Text is normalised to NFC and line ends to ``\\n``; whatever else cannot be printed as it stands is refused with a
sentence that names the character, never repaired in silence. Types and limits: forms.md, sections 0.4 and 0.5.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable

_CJK = (
    "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31a0-\u31bf\u31c0-\u31ef\u31f0-\u31ff"
    "\u3200-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe4f"
    "\uff00-\uffef\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "“”‘’—…·〇①-⑳Ⅰ-ⅿ×÷±℃■□●○◆◇★☆→←↑↓"
)
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""They choose a variant of the character before them and are no character of their own."""
_WORDS = re.compile(rf"[{_CJK}][{_SELECTORS}]*|[^\s{_CJK}]+")

MOST_CHARACTERS: Final = 32_767
"""What one cell of Excel holds; longer text would be cut there. 3,000 字 of English words stay below it."""

_UNPRINTABLE = {"Cc": "控制字符", "Cf": "格式字符", "Cs": "残缺字符", "Zl": "行分隔符", "Zp": "段分隔符"}
_NAMES = {
    "\t": "制表符",
    "\n": "换行",
    "\r": "回车",
    "\u200b": "零宽空格",
    "\ufeff": "字节顺序标记",
    "\xad": "软连字符",
}
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and a symbol that leave no ink: a name made of them would look like none."""
_NONCHARACTERS = range(0xFDD0, 0xFDF0)
_END_OF_PLANE = 0xFFFE
_NAME_SEPARATORS = re.compile("[、，,；;／/|]")


def count_words(text: str) -> int:
    """Count 字 as Word does: each CJK character or full-width mark 1, each unbroken other run 1, white space 0."""
    return len(_WORDS.findall(text.replace("\u3000", " ")))


@lru_cache(maxsize=65_536)
def _unprintable(char: str) -> str:
    """Return what kind of unprintable character this is, or "" for one that can be printed."""
    if kind := _UNPRINTABLE.get(unicodedata.category(char)):
        return _NAMES.get(char, kind)
    if ord(char) in _NONCHARACTERS or ord(char) & _END_OF_PLANE == _END_OF_PLANE:
        return "非字符"
    return "空白占位符" if char in _INVISIBLE else ""


def _clean(text: str, *, breaks: bool) -> str:
    r"""Return the text in NFC with ``\n`` line ends, or refuse the first character that cannot be printed."""
    if breaks:
        text = text.replace("\r\n", "\n")
    bad = {char for char in set(text) if _unprintable(char)} - ({"\n"} if breaks else set())
    if bad:
        place = min(map(text.index, bad))
        before = text[:place].split("\n")
        line = f"第 {len(before)} 行" if len(before) > 1 else ""
        raise PydanticCustomError(
            "bad_character",
            "{line}第 {place} 个字符是不能打印的{name}（{point}），请删除后重试",
            {
                "line": line,
                "place": len(before[-1]) + 1,
                "name": _unprintable(text[place]),
                "point": f"U+{ord(text[place]):04X}",
            },
        )
    return unicodedata.normalize("NFC", text)


def _refuse_blank(text: str) -> None:
    if all(char.isspace() or unicodedata.category(char).startswith("M") for char in text):
        raise PydanticCustomError("blank", "不能为空白，请填写内容")


def _refuse_long(text: str, limit: int) -> None:
    if len(text) > limit:
        raise PydanticCustomError(
            "too_many_characters",
            "最多 {limit} 个字符，现为 {count} 个，请缩短",
            {"limit": limit, "count": len(text)},
        )


def _behind(schema: core_schema.CoreSchema, check: Callable[[Any], object]) -> core_schema.CoreSchema:
    """Put a check behind a schema; what may be null is checked only where it is not."""
    if schema["type"] == "nullable":
        return core_schema.nullable_schema(_behind(schema["schema"], check))
    return core_schema.no_info_after_validator_function(check, schema)


@dataclass(frozen=True, slots=True)
class Line:
    """Text of one line, not blank, no spaces at its ends, at most ``limit`` characters."""

    limit: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Validate after the plain string schema."""
        return _behind(handler(source), self._check)

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say the limit in JSON Schema's own word."""
        return {**handler(core), "minLength": 1, "maxLength": self.limit}

    def _check(self, text: str) -> str:
        text = _clean(text, breaks=False)
        _refuse_blank(text)
        if text != text.strip():
            raise PydanticCustomError("space_at_end", "首尾有空格，请删除")
        _refuse_long(text, self.limit)
        return text


@dataclass(frozen=True, slots=True)
class Words:
    """Text of one or more lines, not blank, at most ``limit`` 字 (None: no limit in the notice)."""

    limit: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Validate after the plain string schema."""
        return _behind(handler(source), self._check)

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say the limit as an annotation: JSON Schema cannot count 字."""
        limit = {} if self.limit is None else {"x-docgen-words": self.limit}
        return {**handler(core), "minLength": 1, "maxLength": MOST_CHARACTERS, **limit}

    def _check(self, text: str) -> str:
        text = _clean(text, breaks=True)
        _refuse_blank(text)
        if self.limit is not None and (count := count_words(text)) > self.limit:
            raise PydanticCustomError(
                "too_many_words",
                "限 {limit} 字以内，现为 {count} 字，请删减 {excess} 字"
                "（按 Word 的字数统计：每个汉字和全角标点计 1，连续的字母或数字计 1，空格不计）",
                {"limit": self.limit, "count": count, "excess": count - self.limit},
            )
        _refuse_long(text, MOST_CHARACTERS)
        return text


@dataclass(frozen=True, slots=True)
class Slots:
    """A list is printed with at least so many places, filled or not (member slots, table rows)."""

    count: int


@dataclass(frozen=True, slots=True)
class Unprinted:
    """The field is needed by rules but has no cell on the form."""


@dataclass(frozen=True, slots=True)
class FromRule:
    """The limit of this field comes from a rule's sentence; a list's minimum may come from another, ``least``."""

    rule: str
    least: str = ""


def _pattern(kind: str, pattern: str, message: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise PydanticCustomError(kind, message)
        return text

    return check


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line that follows a pattern; ``message`` tells a person how it looks."""

    kind: str
    pattern: str
    message: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Validate after the schemas to the left."""
        return _behind(handler(source), _pattern(self.kind, self.pattern, self.message))

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Pass the pattern on, anchored."""
        return {**handler(core), "pattern": f"^(?:{self.pattern})$"}


def _iso_date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"(?:19|20)\d{2}-\d{2}-\d{2}", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, date):
        return value
    raise PydanticCustomError("date", "应为存在的日期，写作 2026-06-04 的样式")


def _one_name(text: str) -> str:
    if found := _NAME_SEPARATORS.search(text):
        raise PydanticCustomError(
            "several_names", "每处只填一个姓名，不能含「{mark}」；有多人时一人填一项", {"mark": found.group()}
        )
    return text


@dataclass(frozen=True, slots=True)
class OneName:
    """Exactly one person's name: no separator that would make it look like two on paper."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Validate after the schemas to the left."""
        return _behind(handler(source), _one_name)


def _distinct(items: list[object]) -> list[object]:
    if len(set(items)) != len(items):
        raise PydanticCustomError("repeated", "同一项重复出现，请只保留一个")
    return items


@dataclass(frozen=True, slots=True)
class Distinct:
    """A list in which nothing stands twice."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Validate after the list schema."""
        return _behind(handler(source), _distinct)

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say it in JSON Schema's own word."""
        return {**handler(core), "uniqueItems": True}


OrgName = Annotated[str, Line(60)]
GroupName = Annotated[str, Line(40)]
TopicName = Annotated[str, Line(80)]
PersonName = Annotated[str, Line(40), OneName()]
Address = Annotated[str, Line(80)]
Phone = Annotated[
    str,
    Line(40),
    Shaped(
        "phone", r"\+?[(（]?[0-9]{2,}[0-9 \-()（）]{3,}", "应为电话号码，只用数字、空格、短横和括号，如 010-12345678"
    ),
]
Email = Annotated[
    str,
    Line(60),
    Shaped("email", r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+", "应为邮箱地址，如 name@example.com"),
]
IsoDate = Annotated[date, BeforeValidator(_iso_date), WithJsonSchema({"type": "string", "format": "date"})]
MONTH: Final = Shaped("year_month", r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])", "应为年月，写作 2024-03 的样式")
YearMonth = Annotated[str, MONTH]
Mobile = Annotated[str, Shaped("mobile", r"[0-9]{11}", "应为 11 位数字的手机号码")]
Postcode = Annotated[str, Shaped("postcode", r"[0-9]{6}", "应为 6 位数字的邮政编码，如 810001")]

STRICT: Final = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Part(BaseModel):
    """A group of fields inside a submission: strict types, unknown fields refused."""

    model_config = STRICT


class Period(Part):
    """A span of months, printed 2024年3月—2025年2月."""

    start: Annotated[YearMonth, Field(title="开始年月")]
    end: Annotated[YearMonth, Field(title="结束年月")]

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise PydanticCustomError("period_order", "结束年月早于开始年月，请对调或更正")
        return self


class Submission(Part):
    """What a unit sends for one form."""
