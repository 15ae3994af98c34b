"""The families of checks: one kind of value a file, each saying in SQL what is sound, what can be repaired, what is not."""
