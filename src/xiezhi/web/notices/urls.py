"""Routes of notices."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.notices.views import notices

app_name = "notices"

urlpatterns = [
    path("", notices.notice_list, name="list"),
    path("bell/", notices.bell, name="bell"),
    path("read/", notices.read_all, name="read_all"),
    path("<uuid:notice_id>/", notices.opened, name="open"),
    path("<uuid:notice_id>/read/", notices.read, name="read"),
]
