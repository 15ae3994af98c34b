"""The only place where this app writes rows."""
