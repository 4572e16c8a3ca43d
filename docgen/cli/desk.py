"""Who is at work on this machine: the registry of the settings, the organisation, and the login name."""

from __future__ import annotations

import os
import pwd

from docgen.issuing.registry import Desk, Registry, open_registry
from docgen.settings import settings
from docgen.store import organisations


def registry() -> Registry:
    """Open the registry; raises DatabaseError, FolderError or SettingsError."""
    return open_registry(settings())


def desk(organisation: str | None) -> Desk:
    """Return a desk for an organisation, or for the only one; raises OrganisationError."""
    return at(registry(), organisation)


def at(found: Registry, organisation: str | None) -> Desk:
    """Return a desk in a registry that is open already; raises OrganisationError."""
    with found.database.reading() as connection:
        one = organisations.pick(connection, organisation)
    return Desk(found, one.id, actor())


def actor() -> str:
    """Return how this user stands in histories; the environment could claim any name."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"cli:{os.getuid()}"
