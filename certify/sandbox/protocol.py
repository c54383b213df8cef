"""What is not even HTTP gets a problem detail too: the server answers it before the application is asked."""

from __future__ import annotations

import json
import uuid
from email.utils import formatdate

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from certify.sandbox.document import load
from certify.sandbox.problems import MEDIA_TYPE, ProblemError, document


class ProblemProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, except that its own 400 has the one error format of the contract."""

    def send_400_response(self, msg: str) -> None:
        request_id = str(uuid.uuid4())
        content = json.dumps(document(ProblemError("malformed-request"), request_id)).encode()
        headers = [
            ("content-type", MEDIA_TYPE),
            ("content-length", str(len(content))),
            ("date", formatdate(usegmt=True)),
            ("api-version", load().version),
            ("x-request-id", request_id),
            ("connection", "close"),
        ]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=content), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
