"""What the application and the certificate of a special prize share."""

from __future__ import annotations

from typing import Literal

SpecialPrize = Literal["盐湖化工产业质量管理小组奖", "清洁能源产业质量管理小组奖", "绿色有机农畜产品领域质量管理小组奖"]
