"""What the clock does: everything that happens by itself, in one place."""
