"""What an installation records certificates with, and who is at work in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Final, ParamSpec, Protocol, TypeVar

from docgen.store import installation, organisations, search, signing
from docgen.store.database import FILE_NAME, Database
from docgen.store.files import FileStore, FolderStore
from docgen.store.folder import open_folder
from docgen.store.keys import Keyring
from docgen.store.marks import Marks
from docgen.store.shelf import Shelf
from docgen.store.signing import KeyChest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docgen.settings import Settings

_DOCUMENTS: Final = "documents"
_LOOK_SECONDS: Final = 2.0

P = ParamSpec("P")
R = TypeVar("R")


class Press(Protocol):
    """Who makes documents: calls an importable function with plain values, here or in a render process."""

    def __call__(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the function returns; raises what it raises."""


def here(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Make a document in this process and thread."""
    return work(*args, **kwargs)


class _Decided:
    """The address that was decided in the browser, looked up every few seconds: other processes may change it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked = -_LOOK_SECONDS
        self._url = ""

    def url(self) -> str:
        if monotonic() - self._looked >= _LOOK_SECONDS:
            with self._database.reading() as connection:
                self._url = installation.get(connection, installation.PUBLIC_URL)
            self._looked = monotonic()
        return self._url


@dataclass(frozen=True)
class Registry:
    """Records, documents and keys of one installation.

    ``fixed_url`` is the address that the environment decides; where it is "", what was decided in the browser counts,
    and ``usual_url`` until something was.
    """

    database: Database
    files: FileStore
    chest: KeyChest
    marks: Marks
    fixed_url: str
    usual_url: str
    shelf: Shelf
    press: Press = here

    @property
    def public_url(self) -> str:
        """Scheme and host of the address that certificates carry, as printed and encoded."""
        return self.fixed_url or self._decided.url() or self.usual_url

    def look_again(self) -> None:
        """Forget the address that was decided before: whoever decides sees at once what counts now."""
        self.__dict__.pop("_decided", None)

    @cached_property
    def _decided(self) -> _Decided:
        return _Decided(self.database)

    @cached_property
    def keyring(self) -> Keyring:
        """The API keys."""
        return Keyring(self.database)

    @property
    def trial(self) -> bool:
        """Whether nobody outside can verify what is issued here."""
        return signing.is_trial(self.public_url)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at work in a registry, for one organisation. ``actor`` stands in histories: ``key:…``, ``cli:…``."""

    registry: Registry
    organisation: str
    actor: str


def open_registry(conf: Settings) -> Registry:
    """Open the registry of the settings; the first time, make it with one organisation.

    Raises DatabaseError or FolderError.
    """
    folder = open_folder(conf.data_dir.absolute())
    database = Database(conf.database_url or f"sqlite:///{folder / FILE_NAME}")
    with database.reading() as connection:
        begun = bool(organisations.all_organisations(connection))
    if not begun:
        with database.writing() as connection:
            organisations.begin(connection, conf.association)
    search.catch_up(database)
    shelf = Shelf(database, folder)
    shelf.sync()
    fixed = conf.public_url if "public_url" in conf.model_fields_set else ""
    usual = f"http://127.0.0.1:{conf.port}"
    return Registry(database, _files(conf, folder), KeyChest(folder), Marks(folder), fixed, usual, shelf)


def _files(conf: Settings, folder: Path) -> FileStore:
    if not conf.s3_bucket:
        return FolderStore(folder / _DOCUMENTS)
    from docgen.store.objects import ObjectStore  # noqa: PLC0415  boto3 costs a third of a second

    return ObjectStore(conf.s3_bucket, conf.s3_prefix, conf.s3_endpoint)
