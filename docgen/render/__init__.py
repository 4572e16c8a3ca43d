"""From a form and plain values to bytes. Each engine has one importer here."""
