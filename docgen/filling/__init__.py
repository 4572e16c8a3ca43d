"""A form that a person fills in on a page: its fields, what comes back from them, drafts, a look at the unfinished."""
