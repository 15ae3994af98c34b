"""The alerts' site: a reveal is asked from an alert."""

from tests.web.alerts.conftest import city, home, raised

__all__ = ["city", "home", "raised"]
