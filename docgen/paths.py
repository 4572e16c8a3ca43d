"""Where templates, samples and faces lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parent
_ROOT = PACKAGE / "data" if (PACKAGE / "data").is_dir() else _CHECKOUT

TEMPLATES: Final = _ROOT / "templates"
SAMPLES: Final = _ROOT / "samples"
FACES: Final = _ROOT / "fonts"
