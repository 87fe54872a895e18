"""The addresses of this room; who may use them is in `reports.permissions`."""

from django.urls import path

from reports.api.resources import RESOURCES
from reports.views import (
    aims,
    api,
    charts,
    exports,
    governance,
    home,
    levels,
    national,
    papers,
    places,
    report,
    summaries,
    systems,
    tokens,
)

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("places/<uuid:public_id>/", places.place, name="place"),
    path("places/<uuid:public_id>/governance/", governance.governance, name="governance"),
    path("systems/", national.national, name="national"),
    path("systems/chart.<slug:kind>", national.chart, name="national_chart"),
    path("systems/<uuid:public_id>/", systems.system, name="system"),
    path("systems/<uuid:public_id>/criteria/<str:code>/", systems.criterion, name="system_criterion"),
    path("systems/<uuid:public_id>/rounds/", systems.rounds, name="system_rounds"),
    path("systems/<uuid:public_id>/charts/<slug:name>.<slug:kind>", systems.chart, name="system_chart"),
    path("assessments/<uuid:public_id>/levels/", levels.level, name="whole"),
    path("assessments/<uuid:public_id>/levels/<str:code>/", levels.level, name="level"),
    path("assessments/<uuid:public_id>/charts/<slug:name>.<slug:kind>", charts.chart, name="chart"),
    path("assessments/<uuid:public_id>/targets/", aims.targets, name="targets"),
    path("assessments/<uuid:public_id>/pathways/<slug:code>/", aims.pathway, name="pathway"),
    path("assessments/<uuid:public_id>/report/", report.report, name="report"),
    path("assessments/<uuid:public_id>/report.pdf", report.report_pdf, name="report_pdf"),
    path("assessments/<uuid:public_id>/summary.pdf", papers.summary_pdf, name="summary_pdf"),
    path("assessments/<uuid:public_id>/decision.pdf", papers.decision_pdf, name="decision_pdf"),
    path("rounds/<uuid:public_id>/reports/", papers.round_reports, name="round_reports"),
    path("rounds/reports/<uuid:public_id>/<str:kind>", papers.round_report_file, name="round_report_file"),
    path("assessments/<uuid:public_id>/data/", exports.data, name="data"),
    path("assessments/<uuid:public_id>/data/<slug:kind>", exports.data_file, name="data_file"),
    path("rounds/<uuid:public_id>/data/", exports.round_data, name="round_data"),
    path("rounds/<uuid:public_id>/data/<slug:kind>", exports.round_data_file, name="round_data_file"),
    path("data/schema.json", exports.data_schema, name="data_schema"),
    path("systems/<uuid:public_id>/tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:public_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("api/v1/", api.index, name="api_index"),
    path("api/v1/openapi.json", api.api_description, name="api_description"),
    *(path(f"api/v1/{name}/", api.resource(name), name=f"api_{name}") for name in RESOURCES),
    path("api/<path:path>", api.unknown, name="api_unknown"),
    path("reports/shared/", summaries.shared, name="shared"),
    path("summaries/<uuid:public_id>/", summaries.summary, name="summary"),
    path("reports/check/", report.verify, name="verify"),
]
