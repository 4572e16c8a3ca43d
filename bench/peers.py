"""Other makers of documents that are measured beside us where they are installed, and how to find them.

LibreOffice and Chromium are found in the PATH. Carbone and docxtemplater (with pizzip) are packages of Node: below the
folder that ``BENCH_PEERS`` names (``npm install --prefix FOLDER carbone@3 docxtemplater pizzip``), or in ``NODE_PATH``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docgen import paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER: Final = "BENCH_PEERS"
_SCRIPT: Final = Path(__file__).with_name("peers.cjs")
_ALIKE: Final = {
    "楷体_GB2312": "LXGW WenKai",
    "仿宋_GB2312": "FandolFang",
    "方正小标宋简体": "Noto Serif SC",
    "宋体": "Noto Serif SC",
    "黑体": "Noto Sans SC",
}
"""Names in our Word templates, and the face of ours that draws them."""
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


@cache
def missing() -> dict[str, str]:
    """Return the peers that are not installed, each with what it lacks; Carbone makes Word without LibreOffice."""
    lacking = {
        "typst": "" if importlib.util.find_spec("typst") else "Python 包 typst",
        "chromium": _without_browser(),
        "libreoffice": "" if shutil.which("soffice") else "soffice",
        "docxtemplater": _without_node("docxtemplater", "pizzip"),
        "carbone": _without_node("carbone"),
    }
    lacking["carbone_pdf"] = lacking["carbone"] or lacking["libreoffice"] or _without_uno()
    return {name: what for name, what in lacking.items() if what}


def browser() -> str:
    """Return Chromium's program, or nothing."""
    return next((path for path in map(shutil.which, _BROWSERS) if path), "")


def _without_browser() -> str:
    if not importlib.util.find_spec("playwright"):
        return "Python 包 playwright"
    return "" if browser() else "chromium"


def _without_node(*packages: str) -> str:
    if not shutil.which("node"):
        return "node"
    for package in packages:
        asked = ["node", "-e", f"require.resolve({json.dumps(package)})"]
        if subprocess.run(asked, env=environment(), capture_output=True, check=False).returncode:
            return f"npm 包 {package}（放在 {FOLDER} 指的文件夹里）"
    return ""


def _without_uno() -> str:
    asked = [_python(), "-c", "import uno"]
    return "" if not subprocess.run(asked, capture_output=True, check=False).returncode else "python3-uno"


def _python() -> str:
    """Return the Python that LibreOffice was built for: the system's own."""
    return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


def environment() -> dict[str, str]:
    """Return the environment in which Node finds its packages."""
    folder = os.environ.get(FOLDER)
    found = [str(Path(folder).absolute() / "node_modules")] if folder else []
    return os.environ | {"NODE_PATH": os.pathsep.join([*found, *filter(None, [os.environ.get("NODE_PATH")])])}


def faces(folder: Path) -> Path:
    """Write settings with which programs find our faces as if they were installed, and nothing else."""
    same = "".join(
        f"<match><test name='family'><string>{name}</string></test>"
        f"<edit name='family' mode='assign' binding='strong'><string>{ours}</string></edit></match>"
        for name, ours in _ALIKE.items()
    )
    settings = folder / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{paths.FACES}</dir><cachedir>{folder / 'fontconfig'}</cachedir>{same}</fontconfig>",
        encoding="utf-8",
    )
    return settings


class Node:
    """A process of Node that makes one document after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Speak to this process."""
        self._process = process

    def make(self, peer: str, template: Path, data: Mapping[str, Any], out: Path, **more: Any) -> list[float]:
        """Let a peer make a document; return the seconds of every run. Leaves the program where it cannot."""
        assert self._process.stdin  # noqa: S101  asked for below
        assert self._process.stdout  # noqa: S101  the same
        task = {"peer": peer, "template": str(template), "data": dict(data), "out": str(out), **more}
        self._process.stdin.write(json.dumps(task, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline() or '{"error": "ended"}')
        if "error" in told:
            sys.exit(f"{peer}: {told['error']}")
        seconds: list[float] = told["seconds"]
        return seconds


@contextmanager
def node(folder: Path) -> Iterator[Node]:
    """Start Node; what it needs of LibreOffice and Python is put before the PATH."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("python", "python3"):
        if not (tools / name).exists():
            (tools / name).symlink_to(_python())
    programs = Path(shutil.which("soffice") or "/").resolve().parent
    known = environment() | {"PATH": os.pathsep.join([str(tools), str(programs), os.environ["PATH"]])}
    known |= {"FONTCONFIG_FILE": str(faces(folder)), "TMPDIR": str(folder)}
    command = ["node", str(_SCRIPT)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=known)
    try:
        yield Node(process)
    finally:
        assert process.stdin  # noqa: S101  asked for above
        process.stdin.close()
        process.wait()
