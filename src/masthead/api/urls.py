"""The public API: /api/v1/..., its description at /api/openapi.json, readable at /api/docs."""

from django.http import Http404
from django.urls import path
from ninja import NinjaAPI

from masthead.api.problems import add_problems, problem
from masthead.channels.api import router as channels
from masthead.media.api import router as media
from masthead.metering.caps.api import router as caps
from masthead.metering.costs.api import router as costs
from masthead.metering.plans.api import router as plans
from masthead.posts.api import router as posts
from masthead.posts.history.api import router as past_posts
from masthead.posts.sunset.api import router as sunset
from masthead.rights.archive.api import router as archive
from masthead.rights.archive.imports.api import router as imports
from masthead.rights.audits.api import router as audits
from masthead.workspaces.api import router as workspaces

api = NinjaAPI(
    title="Masthead",
    version="1",
    description="Write, schedule and publish posts. Send a token as “Authorization: Bearer …”.",
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="masthead-api",
)
for one in (workspaces, channels, media, posts, past_posts, sunset, costs, caps, plans, imports, archive, audits):
    api.add_router("/v1", one)
add_problems(api)
api.add_exception_handler(Http404, lambda request, error: problem(404, str(error) or "There is no such thing here."))

urlpatterns = [path("", api.urls)]
