"""The WSGI entry point that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from linli.site.marks import HALF_RESTORED, standing_mark

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
if standing_mark():
    raise RuntimeError(HALF_RESTORED)
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # a second's work, for which otherwise the first visitor would wait
# What has been loaded stays: looking through it for garbage again and again would take a tenth of every answer's time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
