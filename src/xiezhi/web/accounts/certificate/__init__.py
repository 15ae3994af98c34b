"""Signing in with a client certificate (UKey) that the proxy in front has verified."""
