"""Habits of the house that no linter knows: sizes, who imports whom, what is declared and locked, what is not named."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
BINARY = {".ttf", ".otf", ".docx", ".mo", ".png", ".webp"}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = PYPROJECT["project"]["dependencies"]
NEEDED_BY_DEVELOPERS = PYPROJECT["project"]["optional-dependencies"]["dev"]
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.|registry\.yarnpkg|proxy\.golang|rubygems\.org|crates\.io|conda\.anaconda|"
    r"deb\.debian\.org|tuna\.tsinghua|mirrors\.[a-z]+\.(?:com|edu|cn)",
    re.IGNORECASE,
)


def modules() -> list[Path]:
    return [path for folder in ("docgen", "bench", "tools", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]


def of_checkout(*arguments: str) -> str:
    """Ask git about the checkout, whoever owns its files."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments]
    return subprocess.run(git, capture_output=True, text=True, encoding="utf-8", check=True).stdout


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_says_what_it_is_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)) or (path.name == "__init__.py" and not text)
    assert text.count("\n") <= MOST_LINES


def test_annexes_know_only_their_own_notice_and_never_each_other() -> None:
    graph = grimp.build_graph("docgen", cache_dir=None)
    notices = {module for module in graph.find_children("docgen.forms") if graph.find_children(module)}
    assert notices
    wrong = []
    for notice in notices:
        for module in graph.find_children(notice):
            for imported in graph.find_modules_directly_imported_by(module):
                owner, _, name = imported.rpartition(".")
                if owner in notices and (owner != notice or not (name.startswith("_") or module == f"{notice}.notice")):
                    wrong.append(f"{module} imports {imported}")
    assert wrong == []


def imported_packages(folder: str) -> Iterator[tuple[str, Path]]:
    """Yield the top-level names that the modules of a folder import, outside the standard library and the project."""
    own = {"docgen", "bench", "tools", "tests", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in {name.split(".")[0] for name in names} - own - sys.stdlib_module_names:
                yield name, path


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.mark.parametrize("folder", ["docgen", "tools", "tests"])
def test_imported_package_is_declared(folder: str) -> None:
    """A package that comes along with another one may leave with it."""
    declared = {name_of(requirement) for requirement in NEEDED + (NEEDED_BY_DEVELOPERS if folder != "docgen" else [])}
    owners = metadata.packages_distributions()
    undeclared = {
        f"{name} ({path.relative_to(ROOT)})"
        for name, path in imported_packages(folder)
        if not {name_of(owner) for owner in owners[name]} & declared
    }
    assert undeclared == set()


def locked(lock: str) -> str:
    return (ROOT / f"requirements/{lock}.lock").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", locked(lock), re.MULTILINE))


def numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_lock_satisfies_pyproject(lock: str) -> None:
    pinned = pins(lock)
    for requirement in NEEDED + PYPROJECT["build-system"]["requires"] + (NEEDED_BY_DEVELOPERS if lock == "dev" else []):
        name, _, floor = requirement.partition(";")[0].partition(">=")
        assert name_of(name) in pinned, f"run ./run lock: {name} is not locked"
        assert numbers(pinned[name_of(name)]) >= numbers(floor or "0"), f"run ./run lock: {name} is too old"


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_lock_installs_on_other_machines(lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9.-]+==)", locked(lock), flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    # An index lists a wheel for each platform; a single hash would be of the one that this machine happened to have.
    assert next(block.count("--hash") for block in blocks if block.startswith("lxml==")) > 20


def test_both_locks_agree() -> None:
    assert pins("runtime").items() <= pins("dev").items()


def test_no_registry_is_named_and_top_level_files_exist() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: generated files cannot be told from ours")
    tracked = of_checkout("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")[:-1]
    named = set()
    for name in tracked:
        path = ROOT / name
        if "/vendor/" in name or path == Path(__file__) or path.suffix in BINARY:
            continue
        if path.is_file() and (found := REGISTRIES.search(path.read_text(encoding="utf-8"))):
            named.add(f"{name}: {found[0]}")
    assert named == set()
    wanted = {"README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "Makefile", "pyproject.toml", "run", ".ci/run"}
    assert wanted <= set(tracked)
