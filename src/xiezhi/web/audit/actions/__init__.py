"""What writes to the trail's chain."""
