"""Is the platform well? For machines (health, readiness, metrics) and for the person who runs it (`xiezhi doctor`)."""
