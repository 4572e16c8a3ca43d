"""Commands of the people who work on docgen; nothing here is installed."""
