"""What a request that ended without a page means: its outcome, a line for a person, and how long to wait."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

import urls
from model import Outcome

PAUSE = "pause"  # in a request's meta: how long its answer asks us to leave the host alone


class Refused(IgnoreRequest):
    """We did not ask, or may not keep the answer; says which outcome that is, and why in one line.

    `wait`: seconds after which `origin` (`addresses.origin`) may be asked again; None: nothing is to be waited for. It is
    another than that of the address that was asked where a redirect led to it.
    """

    def __init__(self, outcome: Outcome, reason: str, *, wait: float | None = None, origin: str | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.wait = wait
        self.origin = origin


def pause_of(ended: Response | BaseException) -> float | None:
    """How long to leave the host alone, in seconds, now that a request ended in this; None: it may be asked at once.

    A response asks for it by 429, by 503 with Retry-After, or by being one failure too many: its request's meta["pause"]
    says so, and its host is that of `response.url`. An error does by its `wait`, and names the `origin` (`Refused`).
    """
    if isinstance(ended, Response):
        return ended.request.meta.get(PAUSE) if ended.request else None
    return ended.wait if isinstance(ended, Refused) else None


def own_pause_of(asked: str, ended: Response | BaseException) -> float | None:
    """The same of the host of `asked`. None where a redirect led to another site: it is asked for its own pages as before, or
    any page could put any host to sleep, by leading to a port of it that is closed."""
    where = ended.url if isinstance(ended, Response) else getattr(ended, "origin", None) or ""
    return pause_of(ended) if urls.same_site(asked, where) else None


def outcome_of(error: BaseException) -> Outcome:
    """The outcome of a page whose request ended in this error."""
    if isinstance(error, Refused):
        return error.outcome
    return Outcome.TOO_LARGE if is_too_large(error) else Outcome.FAILED


def is_too_large(error: BaseException) -> bool:
    # Scrapy names the limit only in its message where it was passed while unpacking.
    return isinstance(error, DownloadCancelledError) or (isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error))


def is_endless(error: BaseException) -> bool:
    """More redirects than are followed."""
    return isinstance(error, IgnoreRequest) and str(error) == "max redirections reached"


def reason_of(error: BaseException) -> str:
    """One line for a person about a request that ended in this error."""
    if isinstance(error, Refused):
        return error.reason
    if is_too_large(error):
        return "larger than max_page_bytes"
    if "certificate verify failed" in repr(error.__cause__ or error):
        return "its TLS certificate cannot be verified"
    named = (
        (CannotResolveHostError, "the host name is unknown"),
        (DownloadConnectionRefusedError, "the connection was refused"),
        (DownloadTimeoutError, "no answer in time"),
        (ResponseDataLossError, "the answer broke off"),
        (IgnoreRequest, str(error)),
    )
    return next((text for kind, text in named if isinstance(error, kind)), f"the connection failed ({type(error).__name__})")
