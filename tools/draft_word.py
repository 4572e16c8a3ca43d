"""Write the first draft of Word templates from HTML templates: ``python -m tools.draft_word caq-2026/application``.

Run it again only for a form whose Word template nobody has touched in Word.
"""

from __future__ import annotations

import sys

from docgen import paths
from docgen.drafting.word import draft
from docgen.forms.catalogue import get_form


def main() -> None:
    """Draft the Word templates of the forms named on the command line."""
    for form_id in sys.argv[1:]:
        source = (paths.TEMPLATES / "html" / f"{form_id}.html").read_text(encoding="utf-8")
        target = paths.TEMPLATES / "docx" / f"{form_id}.docx"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(draft(get_form(form_id), source))
        print(target)


if __name__ == "__main__":
    main()
