"""Registration only."""

from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "xiezhi.web.kit"
    label = "kit"
