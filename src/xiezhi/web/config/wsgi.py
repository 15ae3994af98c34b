"""The door for the web server (`command/pages.py`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.web.config.settings")
application = get_wsgi_application()
