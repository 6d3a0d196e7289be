"""Video: handed to a service that transcodes it and puts the result into the account's own store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from masthead.connectors.bluesky.calls import ask, call_as
from masthead.connectors.bluesky.errors import explain, words
from masthead.connectors.bluesky.operations import SERVICE_AUTH, VIDEO_LIMITS, VIDEO_STATUS, VIDEO_UPLOAD
from masthead.connectors.bluesky.wire import Job, ServiceToken, VideoLimits, read
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain, Unsupported
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment

VIDEO_SERVICE = "https://video.bsky.app"
LIMITS_METHOD = "app.bsky.video.getUploadLimits"
UPLOAD_METHOD = "com.atproto.repo.uploadBlob"
TOKEN_SECONDS = 1800
DAY = 86_400.0
DONE = "JOB_STATE_COMPLETED"
FAILED = "JOB_STATE_FAILED"


class AlreadyThere(Refused):
    """The service has this very video already; `job` says where it is."""

    def __init__(self, job: str) -> None:
        super().__init__("The video was uploaded before.")
        self.job = job


async def offers_video(http: Http, server: str, did: str, secrets: Mapping[str, Any], service: str) -> bool:
    """Whether this account may post videos now or later; True where the service does not answer."""
    if not _within_reach(service, server):
        return False
    try:
        limits = await _limits(http, server, secrets, service)
    except TryAgain:
        return True
    except ConnectorError:
        return False
    return limits.can_upload or limits.remaining_daily_videos is not None


def _within_reach(service: str, server: str) -> bool:
    """A service on the internet cannot put a video into a server that only this machine or network sees."""
    return bool(service) and (server.startswith("https://") or not service.startswith("https://"))


async def _limits(http: Http, server: str, secrets: Mapping[str, Any], service: str) -> VideoLimits:
    token = await _token(http, server, secrets, f"did:web:{urlsplit(service).hostname}", LIMITS_METHOD)
    return await ask(http, service, VIDEO_LIMITS, VideoLimits, headers={"Authorization": f"Bearer {token}"})


async def _token(http: Http, server: str, secrets: Mapping[str, Any], audience: str, method: str) -> str:
    query = {"aud": audience, "lxm": method, "exp": str(int(time.time()) + TOKEN_SECONDS)}
    answer = await call_as(http, server, secrets, SERVICE_AUTH, query=query)
    return read(ServiceToken, answer, SERVICE_AUTH).token


async def upload(http: Http, account: Account, attachment: Attachment, service: str) -> Job:
    """Hand a video over; the job it becomes, the same for the same bytes. Raises Unsupported without a service."""
    if not _within_reach(service, account.server):
        raise Unsupported(
            "This account's server has no video service.",
            field="attachments",
            remedy="Post a picture or a link instead.",
        )
    await _check_allowed(http, account, service)
    audience = f"did:web:{urlsplit(account.server).hostname}"
    token = await _token(http, account.server, account.secrets, audience, UPLOAD_METHOD)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": attachment.mime}
    query = {"did": account.remote_id, "name": f"{attachment.sha256[:24]}.mp4"}
    try:
        answer = await http.call(
            VIDEO_UPLOAD, service, query=query, headers=headers, data=await attachment.load(), explain=_upload_problem
        )
    except AlreadyThere as there:
        return await status(http, there.job, service)
    return _job(answer)


async def _check_allowed(http: Http, account: Account, service: str) -> None:
    limits = await _limits(http, account.server, account.secrets, service)
    if limits.can_upload:
        return
    if limits.remaining_daily_videos == 0:
        raise TryAgain("The account's daily number of videos is used up.", after=DAY / 24)
    raise Refused(
        f"The video service does not take videos from this account: {(limits.message or limits.error)[:200]}",
        field="attachments",
        remedy="Confirm the account's e-mail address on Bluesky, or post without video.",
    )


def _upload_problem(answer: Answer) -> ConnectorError | None:
    if answer.status == 409 and isinstance(answer.body, dict):
        job = answer.body.get("jobId") or (answer.body.get("jobStatus") or {}).get("jobId")
        return AlreadyThere(str(job)) if job else None
    if answer.status in (401, 403):
        return NeedsReconnect(
            "The video service does not accept the account.", status=answer.status, remedy="Reconnect the channel."
        )
    word, said = words(answer)
    if answer.status == 400 and (said or word):
        return Refused(
            f"The video service refused the video: {(said or word)[:200]}",
            field="attachments",
            remedy="Use another file.",
            status=400,
        )
    return explain(answer)


def _job(answer: Answer) -> Job:
    """The job in an answer. A blob counts even where the state says failed: the video may have been known before."""
    body = answer.body if isinstance(answer.body, dict) else {}
    job = Job.model_validate(body.get("jobStatus") or body)
    if job.state == FAILED and not job.blob:
        raise Refused(
            f"The video could not be processed: {(job.message or job.error)[:200]}",
            field="attachments",
            remedy="Use another file (MP4, H.264).",
        )
    return job


async def status(http: Http, job_id: str, service: str) -> Job:
    """How far a job is; its blob once it is done. Raises Refused where the service gave up."""
    return _job(await http.call(VIDEO_STATUS, service, query={"jobId": job_id}, explain=explain))


async def waited(http: Http, job: Job, service: str, *, seconds: float, pause: float = 2.0) -> Job:
    """The job once it is done, or as it is after `seconds`."""
    until = time.monotonic() + seconds
    while not job.blob and time.monotonic() < until:
        await asyncio.sleep(pause)
        job = await status(http, job.job_id, service)
    return job
