"""Supervision models on screen: what they are, how they run, what other parameters would change, and who decides that."""
