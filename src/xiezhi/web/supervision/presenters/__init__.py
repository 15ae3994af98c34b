"""What the templates need, made of what queries and the core tell."""
