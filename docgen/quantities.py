"""Numbers of the statistics and review forms: counts, percentages, 万元, scores (forms.md, section 0.5).

Decimals are kept as decimals: 0.1 stays 0.1 on paper, and a total is a sum that a clerk can check by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Amount:
    """A decimal number from 0 to ``most``, a multiple of ``step``."""

    most: Decimal | None = None
    step: Decimal = Decimal("0.01")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Read JSON's numbers; text and booleans are no numbers."""
        del source, handler
        return core_schema.no_info_plain_validator_function(
            self._check,
            serialization=core_schema.plain_serializer_function_ser_schema(bare, when_used="json"),
        )

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say the limits in JSON Schema's own words."""
        del core, handler
        most = {} if self.most is None else {"maximum": float(self.most)}
        # multipleOf is left out: validators compute it in binary, where 98.55 is no multiple of 0.01.
        return {"type": "number", "minimum": 0, "x-docgen-step": float(self.step), **most}

    def _check(self, value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise PydanticCustomError("number_type", "应为数字（不加引号和单位）")
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite() or number < 0 or (self.most is not None and number > self.most):
            limit = "不能小于 0" if self.most is None else "应在 0 到 {most} 之间"
            raise PydanticCustomError("number_range", limit, {"most": str(self.most)})
        if number % self.step:
            raise PydanticCustomError("number_step", "应为 {step} 的整数倍，请四舍五入", {"step": str(self.step)})
        return number


def bare(number: Decimal) -> int | float:
    """Return a decimal as JSON's number, which prints as people write it: no zeros at the end."""
    return int(number) if number == number.to_integral_value() else float(number)


Count = Annotated[int, Field(ge=0, le=100_000_000)]
Rate = Annotated[Decimal, Amount(Decimal(100))]
"""Percent, two decimals at most; the form's label carries the % sign."""
Money = Annotated[Decimal, Amount(Decimal(100_000_000))]
"""万元."""
Hours = Annotated[Decimal, Amount(Decimal(100_000), Decimal("0.5"))]


def score(full: int) -> Amount:
    """Return the limits of a score of a review table: 0 to the full marks in steps of a half."""
    return Amount(Decimal(full), Decimal("0.5"))
