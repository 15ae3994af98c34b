"""Routes of reveals."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.reveals.views import register, requests

app_name = "reveals"

urlpatterns = [
    path("", requests.mine, name="mine"),
    path("waiting/", requests.waiting, name="waiting"),
    path("register/", register.register, name="register"),
    path("ask/", requests.ask, name="ask"),
    path("<uuid:request_id>/", requests.one, name="one"),
    path("<uuid:request_id>/decide/<str:answer>/", requests.decide, name="decide"),
    path("<uuid:request_id>/open/", requests.open_value, name="open"),
]
