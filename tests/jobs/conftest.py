"""Installations of both sizes."""

from houses import embedded, estate, scaled  # noqa: F401  fixtures
from rabbitmq import rabbitmq  # noqa: F401  the same
from s3_server import s3_server  # noqa: F401  the same
