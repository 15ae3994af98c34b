"""The states of an alert that the code itself speaks of. All of them, their words and moves are content: its process."""

from __future__ import annotations

from enum import StrEnum

PROCESS = "alert"


class AlertState(StrEnum):
    """`CLOSED`: verified and accepted; `DISMISSED`: settled without a verification."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"
    MERGED = "merged"
    CLOSED = "closed"


ENDED = (AlertState.CLOSED, AlertState.DISMISSED, AlertState.MERGED)
"""Nobody has anything to do about it any more."""
