"""Staff: who they are, how they come in, what they may do. Pages call this; nothing here knows of pages."""
