"""One request to a mirror, and what came of it."""

import hashlib
import http.client
import typing

PATIENCE_SECONDS = 30
BROKEN = (OSError, http.client.HTTPException)
BALANCED = "X-Replica"  # the balancer's own header: which replica an answer is from


class Answer(typing.NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def commit(self):
        return self.headers["X-Mirror-Commit"]

    def etag(self):
        return (self.headers["ETag"] or "").strip('"')

    def wrong(self, path):
        """What is wrong with it, if anything: a snapshot has to be what its ETag says, an archive what its path says."""
        if self.status == 304:
            return ""
        if self.status != 200:
            return f"status {self.status}"
        kind, name = path.split("/")[2::2] if path.startswith("/cache/") else ("sha256", self.etag())
        return "" if hashlib.new(kind, self.body).hexdigest() == name else "WRONG BYTES"


def link(port, patience=PATIENCE_SECONDS):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=patience)


def over(connection, path, method="GET", headers=()):
    """One answer on a connection that stays open. The one that breaks it says from which replica its head came, if one did."""
    connection.request(method, path, headers=dict(headers))
    answer = connection.getresponse()
    try:
        return Answer(answer.status, answer.headers, answer.read())
    except BROKEN as broken:
        broken.replica = answer.headers[BALANCED]
        raise


def once(port, path, method="GET", headers=(), patience=PATIENCE_SECONDS):
    """One answer on a connection of its own."""
    connection = link(port, patience)
    try:
        return over(connection, path, method, {"Connection": "close", **dict(headers)})
    finally:
        connection.close()
