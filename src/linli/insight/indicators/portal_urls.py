"""Addresses of indicators on the residents' face."""

from django.urls import path

from linli.insight.indicators import portal

urlpatterns = [
    path("rates/", portal.rates, name="rates"),
    path("rates/export.xlsx", portal.rates_sheet, name="rates_sheet"),
    path("rates/<int:organization>/", portal.rates_of, name="rates_of"),
]
