"""A bucket of S3, as far as the suites read it: requests signed by hand (AWS Signature Version 4), so that the mirror's own
client is not trusted to check the mirror."""

import datetime
import hashlib
import hmac
import http.client
import os
import pathlib
import urllib.parse
import xml.etree.ElementTree

REGION = "us-east-1"
NAMES = ("S3_ENDPOINT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "BUCKET")
PATIENCE_SECONDS = 30


def settings(file):
    """What `ceph start` wrote."""
    lines = pathlib.Path(file).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def environment(told):
    """What a program needs to be let in, by the standard names."""
    return {**os.environ, **{name: told[name] for name in NAMES if name.startswith("AWS_")}}


class Refused(Exception):
    """An answer that is not a success."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:300].decode(errors='replace')}")
        self.status = status


class Bucket:
    """One bucket; each request on a connection of its own."""

    def __init__(self, told, patience=PATIENCE_SECONDS):
        self.host = urllib.parse.urlsplit(told["S3_ENDPOINT"]).netloc
        self.key, self.secret, self.name = (told[name] for name in NAMES[1:])
        self.patience = patience

    def make(self):
        self.request("PUT", "")

    def put(self, key, body):
        self.request("PUT", key, body=body)

    def get(self, key):
        return self.request("GET", key)

    def keys(self, prefix):
        """All keys below, in order."""
        words = {"list-type": "2", "prefix": prefix}
        while True:
            page = xml.etree.ElementTree.fromstring(self.request("GET", "", words))
            yield from (one.text for one in page.iterfind("{*}Contents/{*}Key"))
            token = page.findtext("{*}NextContinuationToken")
            if not token:
                return
            words["continuation-token"] = token

    def request(self, method, key, words=None, body=b""):
        path = f"/{self.name}/{urllib.parse.quote(key)}"
        query = "&".join(f"{name}={urllib.parse.quote(value, safe='')}" for name, value in sorted((words or {}).items()))
        link = http.client.HTTPConnection(self.host, timeout=self.patience)
        try:
            link.request(method, f"{path}?{query}" if query else path, body, self.signed(method, path, query, body))
            answer = link.getresponse()
            content = answer.read()
        finally:
            link.close()
        if answer.status >= 300:
            raise Refused(answer.status, content)
        return content

    def signed(self, method, path, query, body):
        """The headers that prove who asks for what."""
        now = datetime.datetime.now(datetime.timezone.utc)
        headers = {"host": self.host, "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
                   "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ")}
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        asked = "\n".join((method, path, query, lines, names, headers["x-amz-content-sha256"]))
        scope = f"{now:%Y%m%d}/{REGION}/s3/aws4_request"
        text = "\n".join(("AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(asked.encode()).hexdigest()))
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.new(key, text.encode(), "sha256").hexdigest()
        return {**headers, "authorization": f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, "
                                            f"Signature={signature}"}
