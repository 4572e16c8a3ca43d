"""What all tests stand on: no setting of the developer's machine, and the same hypothesis examples on every run."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from docgen.settings import settings

pytest_plugins = ("databases",)

hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # a loaded machine is no fault of a test
)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def _no_outside_settings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DOCGEN_")]:
            patch.delenv(name)
        settings.cache_clear()
        yield


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that sets ``DOCGEN_<NAME>`` for this test, as an operator would."""

    def apply(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"DOCGEN_{name.upper()}", value)
        settings.cache_clear()

    yield apply
    monkeypatch.undo()
    settings.cache_clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the goldens anew, to be read in the diff")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], bytes]:
    """Return a function that gives the stored golden of a name, or stores what was got when asked to."""

    def stored(name: str, got: bytes) -> bytes:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--golden-update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(got)
        assert path.is_file(), f"no golden {name}: run pytest --golden-update and look at it"
        return path.read_bytes()

    return stored
