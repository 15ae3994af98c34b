"""The trail: who did what, when and why. Written with the change it tells of, chained, and sealed outside the database."""
