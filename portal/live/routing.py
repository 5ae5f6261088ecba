"""WebSocket routes."""

from django.urls import URLPattern, path

from portal.live.consumers import PersonConsumer, ProjectConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/projects/<int:project_id>/", ProjectConsumer.as_asgi()),
    path("ws/me/", PersonConsumer.as_asgi()),
]
