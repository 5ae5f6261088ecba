"""HTTP and WebSocket entry.

WebSockets are asynchronous; HTTP is served by Django's synchronous handler in a few threads that live on. Under
Django's own asynchronous handler each of our synchronous middlewares would change threads twice a request, and every
request would open its own database connection: it took more than twice the CPU time (docs/decisions).
"""

import gc
import os

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

http = get_wsgi_application()  # sets Django up, so it comes before what imports models

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from portal.live.routing import websocket_urlpatterns  # noqa: E402

websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
threads = WSGIMiddleware(http, workers=settings.WEB_THREADS)  # type: ignore[arg-type] # Django's response iterates
application = ProtocolTypeRouter({"http": threads, "websocket": websocket})

# What is loaded by now lives as long as the process. Taken out of the garbage collector's sight, and with that looking
# less often, a fifth of the CPU time of a call is saved (benchmarks/classify_load.py).
_loaded = get_resolver().url_patterns
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 100)
