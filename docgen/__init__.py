"""docgen: official annex forms and certificates from structured submission data."""

__version__ = "0.1.0"
