"""How the tables came to be, one step a file; applied by ``docgen.store.database``."""
