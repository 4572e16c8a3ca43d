"""Everything that this project says of its speed, in one run: ``python -m bench [--registry 100000]``.

Certificates beside WeasyPrint and typst, Word beside stock docxtpl, long tables, the start of a process, issuing and
verification. Prints as it goes and writes ``out/bench/bench.md`` beside what each part writes. Nothing is asserted; run
it on a machine that does nothing else. Peers that are not installed are named as skipped.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import date

from bench.certificates import OUT


def main() -> None:
    """Run every part in a process of its own."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--registry", type=int, default=100_000, help="certificates in the registry that is measured")
    given = asked.parse_args()
    parts = {
        "成批的证书": ["bench.certificates"],
        "文档和长表": ["bench.documents"],
        "登记和核验": ["bench.registry", "--count", str(given.registry)],
    }
    OUT.mkdir(parents=True, exist_ok=True)
    told = [f"# 速度，{date.today().isoformat()}\n"]  # noqa: DTZ011  the day of whoever measures
    for title, command in parts.items():
        print(f"\n## {title}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout, flush=True)
        body = done.stdout if command[0] != "bench.registry" else f"```\n{done.stdout}```\n"
        told.append(f"## {title}\n\n{body}")
    (OUT / "bench.md").write_text("\n".join(told), encoding="utf-8")


if __name__ == "__main__":
    main()
