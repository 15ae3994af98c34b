from django.apps import AppConfig


class DoctorConfig(AppConfig):
    name = "xiezhi.web.doctor"
    label = "doctor"
    prefix = ""
