"""Addresses of the standards: Open311, open data, feeds. None of them ever moves."""

from django.urls import path, re_path

from linli.faces.standards import feeds, georeport, open_data

urlpatterns = [
    path("open311/discovery.<slug:form>", georeport.discovery, name="open311_discovery"),
    path("open311/v2/services.<slug:form>", georeport.services, name="open311_services"),
    path("open311/v2/services/<slug:code>.<slug:form>", georeport.service, name="open311_service"),
    path("open311/v2/requests.<slug:form>", georeport.service_requests, name="open311_requests"),
    path("open311/v2/requests/<slug:number>.<slug:form>", georeport.service_request, name="open311_request"),
    path("open311/v2/tokens/<slug:number>.<slug:form>", georeport.token, name="open311_token"),
    re_path(r"^open311/(?P<rest>.*)$", georeport.unknown, name="open311_unknown"),
    path("open-data/demands.csv", open_data.demands_csv, name="open_data_csv"),
    path("open-data/demands.geojson", open_data.demands_geojson, name="open_data_geojson"),
    path("feeds/demands.atom", feeds.demands_feed, name="demands_feed"),
]
