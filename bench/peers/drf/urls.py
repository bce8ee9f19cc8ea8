"""The addresses, as ours are."""

from __future__ import annotations

from django.urls import path

from bench.peers.drf.views import Ping, Products

urlpatterns = [path("api/1/ping", Ping.as_view()), path("api/1/products", Products.as_view())]
