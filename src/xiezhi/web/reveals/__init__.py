"""Reveals: from a masked subject to the person behind it, for a purpose, once, and where it is delicate with a second person."""
