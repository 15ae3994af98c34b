"""The one route of the schedule."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.schedule import views

app_name = "schedule"

urlpatterns = [path("", views.table, name="table")]
