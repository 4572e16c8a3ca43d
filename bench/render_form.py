"""What one form costs, cold (a fresh process, imports and faces included) and warm: ``python -m bench.render_form``.

Prints milliseconds (median of the warm runs) and bytes; nothing is asserted.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Final

FORM: Final = "caq-2026/application"
RUNS: Final = 30
COLD: Final = f"""
from docgen import service
from docgen.forms.catalogue import get_form
form = get_form("{FORM}")
service.render(form, service.sample(form), "{{fmt}}")
"""


def cold(fmt: str) -> float:
    """Return the seconds of a process that makes one document."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", COLD.format(fmt=fmt)], check=True)
    return time.perf_counter() - start


def warm(fmt: str) -> tuple[float, int]:
    """Return the median seconds of a document in a warm process, and its bytes."""
    from docgen import service
    from docgen.forms.catalogue import get_form

    form = get_form(FORM)
    sample = service.sample(form)
    size = len(service.render(form, sample, fmt).data)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        service.render(form, sample, fmt)
        times.append(time.perf_counter() - start)
    return statistics.median(times), size


def main() -> None:
    """Measure Word, PDF and PNG."""
    print(f"{FORM}, Python {sys.version.split()[0]}, {RUNS} warm runs")
    for fmt in ("docx", "pdf", "png"):
        seconds, size = warm(fmt)
        print(f"{fmt:5} cold {cold(fmt) * 1000:7.0f} ms   warm {seconds * 1000:7.1f} ms   {size:9,} bytes")


if __name__ == "__main__":
    main()
