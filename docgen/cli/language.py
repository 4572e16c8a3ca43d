"""Chinese for what click says by itself: usage, option headings, wrong and missing arguments.

click asks gettext at the moment it speaks and offers no other way in. gettext finds a catalogue by text domain and by
the language of the environment, so both are set for this process; a person's LANG does not decide, because everything
else that docgen says is Chinese too.
"""

from __future__ import annotations

import gettext
import os
from typing import Final

from docgen.paths import PACKAGE

DOMAIN: Final = "docgen"
LANGUAGE: Final = "zh_CN"
CATALOGUES: Final = PACKAGE / "locale"


def activate() -> None:
    """Make gettext answer in Chinese; call before click is imported, which translates while commands are declared."""
    os.environ["LANGUAGE"] = LANGUAGE
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)
