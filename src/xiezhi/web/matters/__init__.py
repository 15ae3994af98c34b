"""Matters: whatever somebody has to move from one state to the next, by a day, with a reason, under approval."""
