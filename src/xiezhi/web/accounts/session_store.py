"""SESSION_ENGINE: Django's sessions in the database, each row saying whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from xiezhi.web.accounts import session
from xiezhi.web.accounts.models import SignedInSession


class SessionStore(DatabaseStore):
    """What `request.session` is."""

    @classmethod
    def get_model_class(cls) -> type[SignedInSession]:
        return SignedInSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        user = data.get(SESSION_KEY)
        row.user_id = int(user) if user else None
        row.began_at, row.seen_at = _moment(data, session.SIGNED_IN_AT), _moment(data, session.SEEN_AT)
        row.address, row.agent = data.get(session.ADDRESS, ""), data.get(session.AGENT, "")
        return row


def _moment(data: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(data[name]) if data.get(name) else None
