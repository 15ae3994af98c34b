"""Routes of deliveries."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.deliveries.views import calendar, deliveries, quality, uploads

app_name = "deliveries"

urlpatterns = [
    path("", deliveries.delivery_list, name="list"),
    path("upload/", uploads.upload, name="upload"),
    path("uploads/<uuid:batch>/", uploads.batch, name="batch"),
    path("uploads/<uuid:batch>/again/", uploads.again, name="again"),
    path("uploads/<uuid:batch>/send/", uploads.send, name="send"),
    path("uploads/<uuid:batch>/remove/", uploads.remove, name="remove"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<slug:dataset>/chase/", calendar.chase, name="chase"),
    path("quality/", quality.overview, name="quality"),
    path("quality/<slug:dataset>/", quality.dataset, name="quality_dataset"),
    path("<int:number>/", deliveries.delivery, name="delivery"),
    path("<int:number>/rows/", deliveries.rows, name="rows"),
    path("<int:number>/receipt/", deliveries.receipt, name="receipt"),
    path("<int:number>/returned/", deliveries.returned, name="returned"),
]
