"""The four levels as pages say them, gravest first."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.level import Level

LEVELS: Mapping[Level, str | Promise] = {Level.RED: _("红"), Level.ORANGE: _("橙"), Level.YELLOW: _("黄"), Level.BLUE: _("蓝")}
"""In a word, for dense tables and filters."""

ALERTS: Mapping[Level, str | Promise] = {
    Level.RED: _("红色预警"),
    Level.ORANGE: _("橙色预警"),
    Level.YELLOW: _("黄色预警"),
    Level.BLUE: _("蓝色预警"),
}
"""As the name of an alert of that level."""

LEVEL_CHOICES = [(level.value, word) for level, word in LEVELS.items()]
