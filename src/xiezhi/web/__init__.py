"""The web half: where a machine's finding becomes a person's question. The core below has never heard of it."""
