"""Sessions as Django keeps them, with whose they are: what a person sees as "my sessions", and ends."""

from __future__ import annotations

import hashlib

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class SignedInSession(AbstractBaseSession):
    """`user` None: somebody who has not signed in. The plain columns repeat what the sealed data says, for the list."""

    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        indexes = (models.Index(fields=("user", "-seen_at"), name="sessions_of_a_user"),)

    @property
    def handle(self) -> str:
        """Names the session in a page, where its key must not stand: whoever has the key has the session."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:24]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        # Django asks only when it decodes a row by itself; decoding is the same in every store of the family.
        return SessionStore
