"""A dossier that another system settles, as pages draw it: where it is, what was sent and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import MessageKind, MessageOutcome, SyncState
from sen.systems.public_services.models import Passage, SyncMessage
from sen.systems.public_services.queries.whole import Whole
from sen.web import wording
from sen.web.data import Fact, Tone

_TONES: Mapping[str, Tone] = {
    MessageOutcome.TAKEN: "done",
    MessageOutcome.REFUSED: "late",
    MessageOutcome.FAILED: "late",
    MessageOutcome.CHANGED: "calm",
    MessageOutcome.ANSWERED: "done",
    MessageOutcome.REPEATED: "soon",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message as a line."""

    title: str
    at: str
    outcome: str
    tone: Tone
    note: str
    content: str


def agency(whole: Whole) -> str:
    """Return the name of whoever settles a dossier elsewhere, empty where it is settled here."""
    told = whole.dossier.case.version.overlay.get("passes_on", {}).get("agency")
    return organisations.text_of(told, get_language() or "vi") if told else ""


def facts(whole: Whole) -> list[Fact]:
    """Return where a dossier is that was passed on, for its parties and for officials."""
    passage = whole.passage
    if passage is None:
        return []
    lines = [
        Fact(label=_("Cơ quan giải quyết"), value=agency(whole)),
        Fact(label=_("Đồng bộ"), value=str(SyncState(whole.dossier.sync_state).label)),
    ]
    if passage.sent_at is not None:
        lines += [
            Fact(
                label=_("Mã hồ sơ bên đó"),
                value=passage.foreign_code,
                note=_("chuyển lúc %(at)s") % {"at": wording.moment(passage.sent_at)},
            ),
            Fact(label=_("Tình trạng bên đó"), value=passage.foreign_state, note=_looked(passage)),
        ]
    if passage.answered_on is not None:
        lines += [
            Fact(
                label=_("Kết quả số"),
                value=passage.number,
                note=wording.day(passage.answered_on),
            ),
            Fact(label=_("Nội dung"), value=passage.words),
        ]
    return lines


def failure(whole: Whole) -> str:
    """Return, for officials, why the partner was not reached last; empty where it was."""
    return whole.passage.failure if whole.passage and whole.sees_working_papers else ""


def messages(whole: Whole) -> list[MessageRow]:
    """Return what was sent and what came back, newest first."""
    return [_row(one) for one in whole.sync_messages]


def _looked(passage: Passage) -> str:
    if passage.looked_at is None:
        return ""
    return _("hỏi lúc %(at)s") % {"at": wording.moment(passage.looked_at)}


def _row(message: SyncMessage) -> MessageRow:
    return MessageRow(
        title=str(MessageKind(message.kind).label),
        at=wording.moment(message.sent_at),
        outcome=str(MessageOutcome(message.outcome).label),
        tone=_TONES[message.outcome],
        note=message.note,
        content=_content(message),
    )


def _content(message: SyncMessage) -> str:
    if not message.content:
        return ""
    papers = message.content["papers"]
    files = sum(len(paper["tep"]) for paper in papers)
    return _("%(fields)d mục khai, %(papers)d giấy tờ, %(files)d tệp") % {
        "fields": len(message.content["fields"]),
        "papers": len(papers),
        "files": files,
    }
