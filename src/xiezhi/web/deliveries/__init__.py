"""Deliveries: what departments sent in, what became of every row, what is still due, and how good it is over time."""
