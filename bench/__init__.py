"""Speed, measured by hand; the tests assert none of it."""
