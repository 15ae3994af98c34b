"""What the auditor's screens write: that somebody looked, took or verified."""
