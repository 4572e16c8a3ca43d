"""``./run readme``: write the table of forms between its two markers in the README."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from docgen.forms import catalogue
from docgen.forms.form import Form, Notice, Provenance

BEGIN: Final = "<!-- 表格清单：由 ./run readme 生成，请勿手改 -->"
END: Final = "<!-- 表格清单完 -->"
_SOURCES: Final = {Provenance.EXACT: "通知原样", Provenance.RECONSTRUCTED: "按通知重建"}


def main(readme: Path) -> int:
    """Renew the table in place."""
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        print(f"错误：{readme} 里没有这两行标记：\n{BEGIN}\n{END}\n办法：放回标记，再重新运行本命令", file=sys.stderr)
        return 1
    tables = "\n".join(_table(notice) for notice in catalogue.all_notices().values())
    readme.write_text(f"{before}{BEGIN}\n\n{tables}\n{END}{after}", encoding="utf-8")
    return 0


def _table(notice: Notice) -> str:
    rows = "".join(_row(form) for form in catalogue.forms_of(notice))
    return f"""\
**`{notice.id}`** {"、".join(notice.issuers)}《{notice.title}》{f"（{notice.number}）" if notice.number else ""}

| 编号 | 附件 | 名称 | 格式 | 版式依据 |
|---|---|---|---|---|
{rows}"""


def _row(form: Form) -> str:
    formats = " ".join(form.formats)
    return f"| `{form.id}` | {form.annex_name or '—'} | {form.title} | {formats} | {_SOURCES[form.provenance]} |\n"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
