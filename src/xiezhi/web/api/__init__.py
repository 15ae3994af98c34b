"""The interface for machines: deliveries in, alerts out, under the same rules as for people."""
