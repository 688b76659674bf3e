"""The API of drafts: what is written page by page, kept, and filed at the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from sen.base import clock
from sen.base.errors import NotFound
from sen.kernel.forms import public as forms
from sen.systems.public_services.queries import catalogue, drafts, records
from sen.systems.public_services.schemas import answers, drafting
from sen.systems.public_services.services import drafting as drafting_verbs
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tables import drafts as shapes
from sen.web import api

router = Router()
FILE = "dossiers:file"


@router.post(
    "/drafts",
    response={201: drafting.DraftOut},
    operation_id="drafts_start",
    auth=api.needs(FILE),
)
def drafts_start(request: HttpRequest, body: drafting.DraftIn) -> Any:
    """Bắt đầu khai một hồ sơ; bản nháp giữ 30 ngày kể từ lần lưu cuối."""
    actor, at = api.actor(request), clock.now()

    def act() -> drafting.DraftOut:
        case = catalogue.current_case(body.procedure, body.case, on=clock.day(at))
        held = drafting_verbs.begin_draft(actor=actor, case=case, at=at)
        known = drafts.known(actor, held, held.page, at=at)
        return drafting.draft_out(held, known, shapes.still_asked(actor, held, at=at))

    return api.once(request, act, status=201)


@router.get(
    "/drafts",
    response=list[drafting.DraftLineOut],
    operation_id="drafts_list",
    auth=api.needs(FILE),
)
def drafts_list(request: HttpRequest) -> list[drafting.DraftLineOut]:
    """Các bản nháp của tôi, mới lưu trước; nhiều nhất 20."""
    return [
        drafting.DraftLineOut.from_orm(line)
        for line in forms.drafts(api.actor(request), kind=drafts.KIND)
    ]


@router.get(
    "/drafts/{draft}",
    response=drafting.DraftOut,
    operation_id="drafts_get",
    auth=api.needs(FILE),
)
def drafts_get(request: HttpRequest, draft: UUID, page: str = "") -> drafting.DraftOut:
    """Một bản nháp, kèm những gì các cơ sở dữ liệu đã biết cho trang đang khai."""
    actor, at = api.actor(request), clock.now()
    held = forms.draft(actor, draft)
    known = drafts.known(actor, held, page or held.page, at=at)
    return drafting.draft_out(held, known, shapes.still_asked(actor, held, at=at))


@router.put(
    "/drafts/{draft}/pages/{page}",
    response=drafting.DraftSavedOut,
    operation_id="drafts_save_page",
    auth=api.needs(FILE),
)
def drafts_save_page(
    request: HttpRequest, draft: UUID, page: str, body: drafting.PageIn
) -> drafting.DraftSavedOut:
    """Lưu một trang. Luôn lưu; `errors` cho biết mục nào chưa đúng, `next` là trang tiếp theo.

    Khi cán bộ tại quầy lưu trang ghi tên người được giúp, các cơ sở dữ liệu được hỏi về người đó
    một lần; GET bản nháp cho biết đã biết gì (`known`), ai trả lời ra sao (`lookups`), còn cần
    giấy tờ nào (`papers_asked`).
    """
    actor, at = api.actor(request), clock.now()
    saved = drafting_verbs.save_page(
        actor=actor,
        held=forms.draft(actor, draft),
        page=page,
        raw=body.answers,
        version=body.version,
        at=at,
    )
    return drafting.DraftSavedOut(version=saved.version, errors=dict(saved.errors), next=saved.next)


@router.put(
    "/drafts/{draft}/papers",
    response=drafting.DraftSavedOut,
    operation_id="drafts_save_papers",
    auth=api.needs(FILE),
)
def drafts_save_papers(
    request: HttpRequest, draft: UUID, body: drafting.PapersIn
) -> drafting.DraftSavedOut:
    """Lưu giấy tờ của bản nháp, thay cho những gì đã lưu trước."""
    saved = forms.save_papers(
        api.actor(request),
        draft=draft,
        papers=drafts.kept_papers(drafting.paper_inputs(body.papers)),
        version=body.version,
        at=clock.now(),
    )
    return drafting.DraftSavedOut(version=saved.version, errors={}, next=None)


@router.post(
    "/drafts/{draft}/upgrade",
    response=drafting.DraftUpgradedOut,
    operation_id="drafts_upgrade",
    auth=api.needs(FILE),
)
def drafts_upgrade(
    request: HttpRequest, draft: UUID, body: drafting.UpgradeIn
) -> drafting.DraftUpgradedOut:
    """Chuyển bản nháp sang biểu mẫu mới; nội dung trùng được giữ, `changes` là những gì đã đổi."""
    actor, at = api.actor(request), clock.now()
    case = drafts.case_of(forms.draft(actor, draft), at=at)
    held, changes = forms.upgrade_draft(
        actor, draft=draft, form_version=case.form_version_id, version=body.version, at=at
    )
    return drafting.upgraded_out(held, changes, shapes.still_asked(actor, held, at=at))


@router.post(
    "/drafts/{draft}/submit",
    response={201: answers.DossierOut},
    operation_id="drafts_submit",
    auth=api.needs(FILE),
)
def drafts_submit(request: HttpRequest, draft: UUID, body: drafting.SubmitIn) -> Any:
    """Nộp hồ sơ từ bản nháp; gửi lại nhiều lần vẫn là một hồ sơ."""
    actor, at = api.actor(request), clock.now()

    def act() -> answers.DossierOut:
        try:
            held = forms.draft(actor, draft)
        except NotFound:  # looked for after the draft: whoever filed it ended both at once
            filed = records.filed_from(actor, draft)
            if filed is None:
                raise
            return answers.dossier_out(filed)
        said = drafts.filing_of(
            actor,
            held,
            receiving_unit=body.receiving_unit,
            shown=body.shown,
            at=at,
        )
        return answers.dossier_out(submission.submit_dossier(actor=actor, filing=said, at=at))

    return api.once(request, act, status=201)


@router.delete(
    "/drafts/{draft}", response={204: None}, operation_id="drafts_discard", auth=api.needs(FILE)
)
def drafts_discard(request: HttpRequest, draft: UUID) -> Status[None]:
    """Xóa một bản nháp."""
    forms.delete_draft(api.actor(request), draft=draft, at=clock.now())
    return Status(204, None)
