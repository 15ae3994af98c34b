"""The database: a private PostgreSQL where none is given, its two roles, row-level security, backup and restore."""
