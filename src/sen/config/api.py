"""The one API: the routers of all systems under one document, one way to say no."""

from __future__ import annotations

import sen
from sen.kernel.manifest import public as manifest
from sen.web import api as answers
from sen.web import files
from sen.web.openapi import Api

api = Api(
    title="Sen",
    version=sen.__version__,
    description="Dịch vụ công và chính quyền số của tỉnh.",
    docs_url=None,
    auth=[answers.Bearer(), answers.Browser()],
    urls_namespace="api",
)
answers.install(api)
api.add_router("", files.router)
for _code, router in manifest.routers():
    api.add_router("", router)
