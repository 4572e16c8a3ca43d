"""Everything that this project says of its speed, in one run: ``python -m bench [--registry 100000] [--roster 5000]``.

Certificates beside other makers, where their time goes, Word beside others, long tables, the start of a process, a
roster from the upload to the zip, issuing and verification. Prints as it goes and writes ``out/bench/bench.md``,
and ``bench.json`` beside what each part writes; ``BENCH_OUT`` names another folder. Nothing is asserted; run it where
nothing else runs. Peers that are not installed are named as skipped (``bench.peers`` says how to install them).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import date

from bench import measuring
from bench.measuring import OUT

TITLES = {
    "certificates": "成批的证书",
    "profile": "一份证书的时间用在哪里",
    "documents": "文档和长表",
    "rosters": "一份名单，从上传到 zip",
    "registry": "登记和核验",
}


def main() -> None:
    """Run every part in a process of its own."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--registry", type=int, default=100_000, help="certificates in the registry that is measured")
    asked.add_argument("--roster", type=int, default=5_000, help="rows of the roster that is brought")
    given = asked.parse_args()
    more = {"registry": ["--count", str(given.registry)], "rosters": ["--rows", str(given.roster)]}
    today = date.today().isoformat()  # noqa: DTZ011  the day of whoever measures
    told, records = [f"# 速度，{today}\n"], {}
    for part, title in TITLES.items():
        print(f"\n## {title}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{part}", *more.get(part, [])], check=True)
        told.append(f"## {title}\n\n{(OUT / f'{part}.md').read_text(encoding='utf-8')}")
        records[part] = json.loads((OUT / f"{part}.json").read_text(encoding="utf-8"))
    measuring.keep("bench", "\n".join(told), {"day": today, "machine": measuring.machine(), **records})


if __name__ == "__main__":
    main()
