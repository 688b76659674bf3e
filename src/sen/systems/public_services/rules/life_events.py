"""What the guide of a life event must say before people read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

TEXTS = ("title", "text", "follows", "deadline")
"""The texts of a step, each in Vietnamese and, where there is one, in English."""


def codes(content: Mapping[str, Any]) -> list[str]:
    """Return the codes of the procedures that a guide names, in order, each once."""
    named = [code for step in content.get("steps", ()) for code in step.get("procedures", ())]
    return list(dict.fromkeys(named))


def faults(content: Mapping[str, Any], known: Collection[str]) -> dict[str, list[str]]:
    """Return what keeps a guide from being published, by the field in which it stands.

    known: the codes that are there. A time of the law needs its source, for it is not ours to set.
    """
    found: dict[str, list[str]] = {}
    if not _vi(content.get("title")):
        found["title"] = ["Vui lòng ghi tên sự kiện."]
    if not _vi(content.get("summary")):
        found["summary"] = ["Vui lòng ghi một, hai câu tóm tắt."]
    if not content.get("steps"):
        found["steps"] = ["Hướng dẫn cần ít nhất một bước."]
    for index, step in enumerate(content.get("steps", ())):
        for name, said in _step_faults(step, known).items():
            found[f"steps.{index}.{name}"] = [said]
    return found


def _step_faults(step: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    found = {}
    if not _vi(step.get("title")):
        found["title"] = "Vui lòng ghi việc cần làm."
    if not _vi(step.get("text")):
        found["text"] = "Vui lòng ghi một, hai câu giải thích."
    missing = [code for code in step.get("procedures", ()) if code not in known]
    if missing:
        found["procedures"] = f"Không có thủ tục nào mang mã {', '.join(missing)}."
    if _vi(step.get("deadline")) and not str(step.get("source", "")).strip():
        found["source"] = "Thời hạn theo luật phải ghi nguồn: văn bản, điều, khoản."
    return found


def _vi(said: Any) -> str:
    return str(said.get("vi", "")).strip() if isinstance(said, Mapping) else ""
