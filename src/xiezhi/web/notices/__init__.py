"""Notices: what a person is told by the platform, and whether they have read it."""
