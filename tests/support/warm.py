"""What worker processes of tests are forked from: the engines imported and used once."""

import docgen.issuing.issue  # noqa: F401  what workers need too
from docgen.forms import catalogue
from docgen.service import render, sample

_FORM = catalogue.get_form("qinggong-2025/certificate-manager")
render(_FORM, sample(_FORM), "pdf")
