from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "xiezhi.web.demonstration"
    label = "demonstration"
