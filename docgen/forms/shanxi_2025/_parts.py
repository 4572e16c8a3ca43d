"""Groups of fields that several annexes of the notice share."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from docgen.fields import GroupName, IsoDate, Line, OrgName, Part, TopicName

ISSUERS: Final = ("山西省信息业工会联合会", "山西省通信行业协会")
"""Who sends the notice and signs the certificates."""

TopicType = Literal["问题解决型", "创新型"]
YesNo = Literal["是", "否"]
Grade = Literal["一等奖", "二等奖", "三等奖"]


class Award(Part):
    """One award of the last three years, printed as one line."""

    org_name: Annotated[OrgName, Field(title="所属单位")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName, Field(title="获奖课题名称")]
    awarded_on: Annotated[IsoDate, Field(title="获奖时间")]
    award: Annotated[str | None, Line(60), Field(title="奖项")] = None


class Attachment(Part):
    """A file sent beside the registration sheet of 附件 3 or 附件 4."""

    kind: Annotated[Literal["报名表", "事迹附页"], Field(title="材料种类")]
    filename: Annotated[str, Line(120), Field(title="文件名")]
