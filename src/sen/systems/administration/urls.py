"""Addresses of the administration."""

from __future__ import annotations

from django.urls import path

from sen.systems.administration.views import law, people, system, trail
from sen.web import converters  # noqa: F401 - makes `<b32:…>` known

app_name = "administration"
_ACCOUNT = "quan-tri/tai-khoan/<b32:account>/"
urlpatterns = [
    path("quan-tri/", system.overview, name="overview"),
    path("quan-tri/he-thong/", system.systems, name="systems"),
    path("quan-tri/he-thong/<slug:code>/", system.system, name="system"),
    path("quan-tri/viec-nen/", system.work, name="work"),
    path("quan-tri/viec-nen/<int:job>/chay-lai/", system.replay_job, name="replay-job"),
    path("quan-tri/su-kien/<uuid:event>/chay-lai/", system.replay_delivery, name="replay-delivery"),
    path(
        "quan-tri/thong-bao/<uuid:delivery>/gui-lai/",
        system.replay_message,
        name="replay-message",
    ),
    path("quan-tri/don-vi/", people.units, name="units"),
    path("quan-tri/don-vi/<str:code>/", people.unit, name="unit"),
    path("quan-tri/don-vi/<str:code>/giao/", people.grant, name="grant"),
    path("quan-tri/don-vi/<str:code>/thu-hoi/<uuid:grant>/", people.revoke, name="revoke"),
    path("quan-tri/tai-khoan/", people.accounts, name="accounts"),
    path("quan-tri/tai-khoan/moi/", people.new_account, name="new-account"),
    path(_ACCOUNT, people.account, name="account"),
    path(f"{_ACCOUNT}cap-lai/", people.reset, name="reset"),
    path(f"{_ACCOUNT}trang-thai/", people.set_active, name="set-active"),
    path(f"{_ACCOUNT}khoa/", people.new_token, name="new-token"),
    path(f"{_ACCOUNT}khoa/<uuid:token>/thu-hoi/", people.revoke_token, name="revoke-token"),
    path("quan-tri/gia-tri/", law.values, name="values"),
    path("quan-tri/gia-tri/<str:key>/", law.value, name="value"),
    path("quan-tri/lich/", law.days, name="calendar"),
    path("quan-tri/lich/bo/", law.clear_day, name="clear-day"),
    path("quan-tri/bieu-mau/", law.documents, name="documents"),
    path("quan-tri/bieu-mau/<b32:version>/", law.form, name="form"),
    path("quan-tri/quy-trinh/<b32:version>/", law.flow, name="flow"),
    path("quan-tri/nhat-ky/", trail.trail, name="trail"),
]
