"""The catalogue: which datasets departments deliver, why, of what columns, and which models stand on them."""
