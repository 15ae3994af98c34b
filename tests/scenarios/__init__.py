"""Situations whose truth was set beforehand, delivered as ordinary files, received and run: rules as people meet them."""
