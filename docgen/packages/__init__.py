"""All documents of one unit for one notice: completed from each other, checked together, packed with a checklist."""
