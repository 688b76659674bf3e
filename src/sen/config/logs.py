"""Logs: one JSON object a line, with the request's id, and no personal data.

A failure is logged with where it happened and the first line of its words: local variables hold
what people typed, and PostgreSQL puts a row's values into the details under its first line.
"""

from __future__ import annotations

from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_FRAMES = 12
_traced = ExceptionDictTransformer(show_locals=False, max_frames=_FRAMES)


def traceback_of(exc_info: Any) -> list[dict[str, Any]]:
    """Return a failure with its causes as the logs may hold it: places and kinds, no values."""
    return [
        {
            "exc_type": one["exc_type"],
            "exc_value": str(one["exc_value"]).partition("\n")[0][:300],
            "frames": [
                f"{frame['filename']}:{frame['lineno']} {frame['name']}" for frame in one["frames"]
            ],
        }
        for one in _traced(exc_info)
    ]


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(traceback_of),
]


def configure() -> dict[str, Any]:
    """Send structlog and the standard library's logs the same way; return Django's LOGGING."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "procrastinate": {"level": "WARNING"},
            "fido2": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "pyhanko": {"level": "ERROR"},
        },
    }
