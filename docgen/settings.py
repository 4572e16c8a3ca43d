"""The settings of one installation, and the only reader of the environment.

Every name can be set as ``DOCGEN_<NAME>``, for example ``DOCGEN_PORT=9000``.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003  pydantic needs the class at run time
from functools import cache
from pathlib import Path

import pydantic_settings
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from docgen.errors import SettingsError


class Settings(BaseSettings):
    """What an operator can choose; the defaults suit one machine and one person."""

    model_config = SettingsConfigDict(env_prefix="DOCGEN_", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = Field(default="http://127.0.0.1:8080", pattern=r"^https?://[a-z0-9.:\-]+$")
    trusted_proxies: int = Field(default=0, ge=0, le=9)
    """How many reverse proxies stand before us: so many addresses at the end of X-Forwarded-For are believed."""
    association: str = Field(default="本协会", min_length=1, max_length=60)
    """The name of the first organisation, which the public reads; ``docgen org rename`` changes it later."""
    data_dir: Path = Path("docgen-data")
    database_url: str = Field(default="", pattern=r"^(postgresql://.*)?$")
    """Where records are kept; empty for SQLite in the data folder."""
    templates_dir: Path | None = None
    notices_dir: Path | None = None
    fonts_dir: Path | None = None
    max_body_bytes: int = Field(default=4 * 1024 * 1024, ge=1024)
    max_picture_bytes: int = Field(default=28 * 1024 * 1024, ge=0)
    """What a form with pictures may be larger: a dozen photographs of 1.7 MiB in base64."""
    render_slots: int = Field(default=2, ge=1, le=64)
    render_wait_seconds: float = Field(default=5, ge=0)
    render_processes: int = Field(default=2, ge=1, le=64)
    render_seconds: float = Field(default=60, gt=0)
    render_memory_bytes: int = Field(default=1536 * 1024 * 1024, ge=256 * 1024 * 1024)
    """Address space of one render process; the engines and faces need 600 MiB of it."""
    render_documents: int = Field(default=500, ge=1)
    """Documents that a render process makes before a fresh one takes its place."""
    broker_url: str = Field(default="", pattern=r"^(amqps?://.*)?$")
    """RabbitMQ for several machines; empty for batches in the server's own process."""
    s3_bucket: str = ""
    """Where several machines keep their documents; empty for the data folder. Credentials come as AWS_… variables."""
    s3_endpoint: str = Field(default="", pattern=r"^(https?://.*)?$")
    s3_prefix: str = Field(default="docgen/", pattern=r"^([A-Za-z0-9._-]+/)*$")
    webhook_hosts: tuple[str, ...] = ()
    """Hosts that batches may report their end to, as JSON: ["oa.example.org.cn"]. No other address is ever called."""
    second_person: bool = False
    """Whether every batch must be released by somebody else than who began it."""
    deadlines: dict[str, date] = Field(default_factory=dict)


@cache
def settings() -> Settings:
    """Return the settings of this process, read once; raises SettingsError with the variable's name."""
    try:
        return Settings()
    except pydantic_settings.SettingsError as error:
        # pydantic-settings names the field in quotes; only fields that hold JSON get here.
        field = str(error).split('"')[1]
        raise _unusable(f"DOCGEN_{field.upper()}", "不是完整的 JSON") from None
    except ValidationError as error:
        names = "、".join(sorted({f"DOCGEN_{str(item['loc'][0]).upper()}" for item in error.errors()}))
        raise _unusable(names, "的值不对") from None


def _unusable(names: str, why: str) -> SettingsError:
    return SettingsError(f"环境变量 {names} {why}", "请按 README 的设置表改正，或删除这个环境变量")
