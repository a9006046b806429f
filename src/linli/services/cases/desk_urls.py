"""Addresses of demands at the desk."""

from django.urls import path

from linli.services.cases.desk import bulk, cards, counter, difficulties, exports, imports, pages

urlpatterns = [
    path("file/", counter.receive_at_counter, name="receive_at_counter"),
    path("file/slip/", counter.counter_slip, name="counter_slip"),
    path("file/earlier/", counter.earlier_cases, name="earlier_cases"),
    path("bulk/", bulk.bulk_cases, name="bulk_cases"),
    path("difficulties/", difficulties.difficulty_tickets, name="difficulties"),
    path("export/", exports.export_cases, name="export_cases"),
    path("imports/", imports.case_imports, name="case_imports"),
    path("imports/<int:source>/", imports.case_import, name="case_import"),
    path("imports/<int:source>/faults.xlsx", imports.case_import_faults, name="case_import_faults"),
    path("advice/", cards.model_card, name="model_card"),
    path("cases/<str:number>/", pages.desk_case, name="desk_case"),
    path("cases/<str:number>/filer/", pages.unmask_filer, name="unmask_filer"),
    path("cases/<str:number>/<str:step>/", pages.desk_case_step, name="desk_case_step"),
]
