"""Work that takes longer than a request: batches, their ledger, the engine that runs them, and render processes."""
