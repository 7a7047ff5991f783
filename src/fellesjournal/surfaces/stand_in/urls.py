"""Addresses of the stand-in, below /stand-in/; each issuer has the same."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.stand_in import views

urlpatterns = [
    path("<provider:name>/.well-known/openid-configuration", views.configuration),
    path("<provider:name>/jwks", views.jwks),
    path("<provider:name>/par", views.pushed),
    path("<provider:name>/authorize", views.authorize, name="stand-in-authorize"),
    path("<provider:name>/token", views.token),
    path("<provider:name>/userinfo", views.userinfo),
    path("<provider:name>/logout", views.logout),
]
