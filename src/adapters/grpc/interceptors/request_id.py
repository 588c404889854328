"""The request id: the client's own if it sends a fit one, so that its log and ours speak of the same call."""

import re
from uuid import uuid4

from adapters.grpc.interceptors.context import Context

REQUEST_ID_HEADER = "x-request-id"
_FIT = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""Anything else could forge lines of the log."""


def request_id_of(context: Context) -> str:
    """Return the id of the call, and have it sent back with the answer."""
    sent = dict(context.invocation_metadata() or ()).get(REQUEST_ID_HEADER, "")
    request_id = sent if isinstance(sent, str) and _FIT.fullmatch(sent) else uuid4().hex
    context.set_trailing_metadata(((REQUEST_ID_HEADER, request_id),))
    return request_id
