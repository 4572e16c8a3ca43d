"""First drafts of a new form's files from a small grid description; afterwards people edit the files themselves."""
