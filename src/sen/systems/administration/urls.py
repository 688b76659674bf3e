"""Addresses of the administration."""

from __future__ import annotations

from django.urls import path

from sen.systems.administration.views import (
    first_run,
    grounds,
    law,
    lists,
    people,
    posts,
    reshaping,
    roles,
    system,
    trail,
    units,
    words,
)
from sen.web import converters  # noqa: F401 - makes `<b32:…>`, `<day:…>` known

app_name = "administration"
_ACCOUNT = "quan-tri/tai-khoan/<b32:account>/"
_UNIT = "quan-tri/don-vi/<str:code>/"
_ROLE = "quan-tri/vai-tro/<str:code>/"
_FIRST = "quan-tri/cai-dat/"
urlpatterns = [
    path("cai-dat/", first_run.door, name="door"),
    path(_FIRST, first_run.steps, name="first-run"),
    path(f"{_FIRST}cap-xa/", first_run.communes, name="first-run-communes"),
    path(f"{_FIRST}so-ban-nganh/", first_run.departments, name="first-run-departments"),
    path(f"{_FIRST}can-bo/", first_run.officials, name="first-run-officials"),
    path(f"{_FIRST}lich/", first_run.working_days, name="first-run-calendar"),
    path(f"{_FIRST}ket-noi/", first_run.outside, name="first-run-outside"),
    path(f"{_FIRST}de-sau/<str:code>/", first_run.put_off, name="first-run-put-off"),
    path("quan-tri/", system.overview, name="overview"),
    path("quan-tri/he-thong/", system.systems, name="systems"),
    path("quan-tri/he-thong/<slug:code>/", system.system, name="system"),
    path("quan-tri/luu-giu/", system.keeping, name="keeping"),
    path("quan-tri/viec-nen/", system.work, name="work"),
    path("quan-tri/viec-nen/<int:job>/chay-lai/", system.replay_job, name="replay-job"),
    path("quan-tri/su-kien/<uuid:event>/chay-lai/", system.replay_delivery, name="replay-delivery"),
    path(
        "quan-tri/thong-bao/<uuid:delivery>/gui-lai/",
        system.replay_message,
        name="replay-message",
    ),
    path("quan-tri/don-vi/", units.units, name="units"),
    path(_UNIT, units.unit, name="unit"),
    path(f"{_UNIT}giao/", units.grant, name="grant"),
    path(f"{_UNIT}thu-hoi/<uuid:grant>/", units.revoke, name="revoke"),
    path(f"{_UNIT}them/", reshaping.add, name="unit-add"),
    path(f"{_UNIT}doi-ten/", reshaping.rename, name="unit-rename"),
    path(f"{_UNIT}chuyen/", reshaping.move, name="unit-move"),
    path(f"{_UNIT}sap-nhap/", reshaping.merge, name="unit-merge"),
    path(f"{_UNIT}vi-tri/", reshaping.add_position, name="position-add"),
    path(
        f"{_UNIT}vi-tri/<b32:position>/ket-thuc/", reshaping.close_position, name="position-close"
    ),
    path(f"{_UNIT}thay-the/", reshaping.add_stand_in, name="stand-in-add"),
    path(f"{_UNIT}thay-the/<b32:stand_in>/ket-thuc/", reshaping.end_stand_in, name="stand-in-end"),
    path(f"{_UNIT}quyen/", grounds.unit_grants, name="unit-grants"),
    path(f"{_UNIT}quyen/<uuid:grant>/giao-lai/", grounds.again, name="grant-again"),
    path(f"{_UNIT}quyen/<uuid:grant>/ket-thuc/", grounds.end, name="grant-end"),
    path("quan-tri/tim/<slug:kind>/", roles.find, name="find"),
    path("quan-tri/quyen/", grounds.who, name="who"),
    path("quan-tri/vai-tro/", roles.roles, name="roles"),
    path("quan-tri/vai-tro/moi/", roles.new_role, name="role-new"),
    path(_ROLE, roles.role, name="role"),
    path(f"{_ROLE}sua/", roles.change_role, name="role-change"),
    path(f"{_ROLE}giao/", roles.give, name="role-give"),
    path(f"{_ROLE}thu-hoi/", roles.take_back, name="role-take-back"),
    path("quan-tri/nap-danh-sach/", lists.lists, name="lists"),
    path("quan-tri/nap-danh-sach/<slug:kind>/", lists.load, name="list"),
    path(
        "quan-tri/nap-danh-sach/<slug:kind>/mau.<slug:ending>", lists.template, name="list-template"
    ),
    path("quan-tri/tai-khoan/", people.accounts, name="accounts"),
    path("quan-tri/tai-khoan/moi/", people.new_account, name="new-account"),
    path(_ACCOUNT, people.account, name="account"),
    path(f"{_ACCOUNT}vi-tri/", posts.add, name="post-add"),
    path(f"{_ACCOUNT}vi-tri/<b32:post>/thoi-giu/", posts.end, name="post-end"),
    path(f"{_ACCOUNT}vi-tri/<b32:post>/mac-dinh/", posts.make_default, name="post-default"),
    path(f"{_ACCOUNT}quyen/", grounds.why, name="account-why"),
    path(f"{_ACCOUNT}lich-su/", posts.history, name="account-history"),
    path(f"{_ACCOUNT}cap-lai/", people.reset, name="reset"),
    path(f"{_ACCOUNT}trang-thai/", people.set_active, name="set-active"),
    path(f"{_ACCOUNT}khoa/", people.new_token, name="new-token"),
    path(f"{_ACCOUNT}khoa/<uuid:token>/thu-hoi/", people.revoke_token, name="revoke-token"),
    path("quan-tri/gia-tri/", law.values, name="values"),
    path("quan-tri/gia-tri/<str:key>/", law.value, name="value"),
    path("quan-tri/gia-tri/<str:key>/<day:first>/sua/", law.correct, name="correct-value"),
    path("quan-tri/lich/", law.days, name="calendar"),
    path("quan-tri/lich/bo/", law.clear_day, name="clear-day"),
    path("quan-tri/bieu-mau/", law.documents, name="documents"),
    path("quan-tri/bieu-mau/<b32:version>/", law.form, name="form"),
    path("quan-tri/quy-trinh/<b32:version>/", law.flow, name="flow"),
    path("quan-tri/tu-ngu/", words.words, name="words"),
    path("quan-tri/tu-ngu/moi/", words.new, name="word-new"),
    path("quan-tri/tu-ngu/<b32:wording>/", words.word, name="word"),
    path("quan-tri/tu-ngu/<b32:wording>/bo/", words.retire, name="word-retire"),
    path("quan-tri/tu-ngu/<b32:wording>/hoan-tac/", words.undo, name="word-undo"),
    path("quan-tri/nhat-ky/", trail.trail, name="trail"),
]
