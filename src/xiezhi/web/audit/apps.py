"""Registration of the app, nothing else."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "xiezhi.web.audit"
    label = "audit"
    verbose_name = "审计"
