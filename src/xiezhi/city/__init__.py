"""A fictional city to try the house on: what its departments would deliver, with known violations, look-alikes and faults."""
