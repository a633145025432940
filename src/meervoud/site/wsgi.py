"""What a web server calls."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meervoud.site.settings")
application = get_wsgi_application()

from meervoud.matching.city_index import warm_indexes  # noqa: E402  # the rooms can be imported from here on

# a server that forks its workers after this spares their first visitors the wait
get_resolver().url_patterns  # noqa: B018  # reading it imports every page
warm_indexes()
