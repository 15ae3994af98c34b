"""Alerts: hits that have become somebody's question. A prompt to look, never a verdict."""
