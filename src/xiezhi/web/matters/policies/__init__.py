"""What a matter asks before it is moved: who may, what must be said, what an app checks and does."""
