from django.urls import path

from xiezhi.web.doctor.views import health

app_name = "doctor"
urlpatterns = [
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
    path("metrics/", health.metrics, name="metrics"),
]
