"""HTTP and WebSocket entry.

WebSockets are asynchronous; HTTP is served by Django's synchronous handler in a few threads that live on. Under
Django's own asynchronous handler each of our synchronous middlewares would change threads twice a request, and every
request would open its own database connection: it took more than twice the CPU time (docs/decisions).
"""

import os

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

http = get_wsgi_application()  # sets Django up, so it comes before what imports models

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from portal.live.routing import websocket_urlpatterns  # noqa: E402

websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
threads = WSGIMiddleware(http, workers=settings.WEB_THREADS)  # type: ignore[arg-type] # Django's response iterates
application = ProtocolTypeRouter({"http": threads, "websocket": websocket})
