"""The HTTP interface: a thin shell that turns requests into use cases and errors into problem+json or a page."""
