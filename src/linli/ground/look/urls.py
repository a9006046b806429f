"""Addresses of the look: one, for preferences."""

from django.urls import path

from linli.ground.look import views

urlpatterns = [path("preferences/", views.preferences, name="preferences")]
