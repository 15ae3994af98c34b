"""The commands that run the platform. Loading any of them starts Django with the settings of this environment."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.web.config.settings")
django.setup()
