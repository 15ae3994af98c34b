"""Matters as pages show them."""
