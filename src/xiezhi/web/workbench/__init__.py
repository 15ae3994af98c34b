"""A person's first page: what waits for them, and the figures of their own scope. Owns no tables."""
