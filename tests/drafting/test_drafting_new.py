"""A sixth, invented notice, added as a new user would: from a grid description to documents, without editing docgen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from extract import docx_text, pdf_pages, squeeze

from docgen.drafting import grid
from docgen.errors import UnreadableInputError

ROOT = Path(__file__).parents[2]
APPLICATION = """
# 庐山市的申报表，随手抄自通知
title: 庐山市优秀质量管理小组申报表
annex: 附件 1
header: 推荐单位（盖章） <recommender>
cols: 34,48,30,44
r1 h11 | 「单位名称（公章为准）」 | <org_name> c3
r2 h10 | 「课题名称」 | <topic_name> | 「活动时间」 | <period>
r3 h10 | 「课题类型」 | □{topic_type: 问题解决型 / 创新型} c3
r4 h10 | 「小组成员」 r2 | 「1.」<members[0]> | 「2.」<members[1]> c2
r5 h10 | 「3.」<members[2]> | 「4.」<members[3]> c2
r6 h10 | 「注册时间」 | <registered_on> | 「普及率%」 | <popularity_rate>
r7 h60 | 「小组简介」¶<introduction>¶⟦seal 单位盖章 / 年 月 日⟧ c4
note: 注：1.此表由小组填写。
note: 2.内容提交后不得更改。
"""
SUMMARY = """
title: 庐山市推荐汇总表
annex: 附件 2
page: landscape
cols: 15,70,45,95
r1 h10 | 「序号」 | 「单位名称」 | 「小组名称」 | 「成员（用“、”隔开）」
r* repeat=items min=10 h9 | <items[].seq> | <items[].org_name> | <items[].group_name> | <items[].members>
note: 注：本表为制证依据。
"""


def docgen(folder: Path, *arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "docgen", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DOCGEN_NOTICES_DIR": str(folder / "own")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_new_notice_needs_no_edit_of_docgen(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(APPLICATION, encoding="utf-8")
    (tmp_path / "two.txt").write_text(SUMMARY, encoding="utf-8")
    docgen(tmp_path, "template", "new", "lushan-2027/application", "one.txt")
    docgen(tmp_path, "template", "new", "lushan-2027/summary", "two.txt")
    listed = {entry["id"]: entry for entry in json.loads(docgen(tmp_path, "forms", "--json"))}
    assert listed["lushan-2027/summary"]["formats"] == ["docx", "pdf", "xlsx", "png"]
    assert "caq-2026/application" in listed
    templates = [*(tmp_path / "own" / "templates").rglob("*.docx"), *(tmp_path / "own" / "templates").rglob("*.html")]
    assert len(templates) == 4
    docgen(tmp_path, "template", "check", *map(str, templates))
    (tmp_path / "data.json").write_text(docgen(tmp_path, "sample", "lushan-2027/application"), encoding="utf-8")
    docgen(tmp_path, "check", "lushan-2027/application", "data.json")
    for name in ("a.docx", "a.pdf"):
        docgen(tmp_path, "render", "lushan-2027/application", "data.json", "-o", name)
    words = squeeze(docx_text((tmp_path / "a.docx").read_bytes()))
    assert words == squeeze("".join(pdf_pages((tmp_path / "a.pdf").read_bytes())))
    assert "☑问题解决型□创新型" in words
    assert "2025年3月—2026年2月" in words
    (tmp_path / "rows.json").write_text(docgen(tmp_path, "sample", "lushan-2027/summary"), encoding="utf-8")
    docgen(tmp_path, "render", "lushan-2027/summary", "rows.json", "-o", "b.xlsx")
    docgen(tmp_path, "blank", "lushan-2027/summary", "-o", "b.docx")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(SUMMARY, encoding="utf-8")
    docgen(tmp_path, "template", "new", "lushan-2027/summary", "one.txt")
    with pytest.raises(AssertionError, match="已经存在"):
        docgen(tmp_path, "template", "new", "lushan-2027/summary", "one.txt")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("r1 h10 | 「序号」 |", "r1 h10 |"), "第 1 个表格行共 3 列，应为 4 列"),
        (("<items[].org_name>", "<items[].组织>"), "不能作字段名"),
        (("「单位名称」", "单位名称"), "印出的字放在「」里"),
        (("title: 庐山市推荐汇总表\n", ""), "缺少 title"),
        (("cols: 15,70,45,95", "cols: 宽"), "cols 读不懂"),
        (("note: 注", "注"), "第 8 行"),
    ],
)
def test_a_faulty_description_names_the_place_and_the_remedy(change: tuple[str, str], words: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        grid.parse(SUMMARY.replace(*change))
    assert words in f"{caught.value.detail}；{caught.value.remedy}"
