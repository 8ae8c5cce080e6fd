"""What the replicas mirror: a bare Git repository of opam files that gets small merges, and the web server that has the archives
they name, counts who asks for them, and can be slow."""

import collections
import contextlib
import hashlib
import http.server
import random
import subprocess
import threading
import time
import typing

OPAM = """opam-version: "2.0"
synopsis: "The package {name}, which is made up"
maintainer: "Nobody <nobody@example.org>"
authors: ["Nobody" "Somebody"]
license: "ISC"
homepage: "https://{name}.example.org"
bug-reports: "https://{name}.example.org/issues"
depends: ["ocaml" {{>= "4.08"}} "dune" {{>= "2.{minor}"}} "{needs}"]
build: ["dune" "build" "-p" name "-j" jobs]
url {{
  src: "{url}"
  checksum: [{checksums}]
}}
"""
# Archives are named by one digest or by several; each one must lead to the same bytes.
CHECKSUMS = (("sha256",), ("md5",), ("sha512",), ("sha256", "md5"))
SIZES = (4 << 10, 8 << 10, 20 << 10, 60 << 10)
BIG = 2 << 20  # so that some answers are long enough to be cut
PIECE = 1 << 16


class Archive(typing.NamedTuple):
    """One archive: where clients of a mirror find it, where its origin has it, what it is."""

    path: str
    origin: str
    body: bytes


class Origin:
    """The web server of the archives."""

    def __init__(self):
        self.files = {}
        self.askers = collections.defaultdict(list)  # the ports of those who asked for a path
        self.delay = 0.0  # seconds before an answer
        self.rate = 0  # bytes a second of one answer; 0 for all that the machine can do
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                origin.answer(self)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def answer(self, request):
        self.askers[request.path].append(request.client_address[1])
        time.sleep(self.delay)
        body = self.files.get(request.path)
        request.send_response(200 if body else 404)
        request.send_header("Content-Length", str(len(body or b"")))
        request.end_headers()
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):  # whoever asked was killed
            for begin in range(0, len(body or b""), PIECE):
                request.wfile.write(body[begin : begin + PIECE])
                if self.rate:
                    time.sleep(max(0.0, began + begin / self.rate - time.monotonic()))


class Upstream:
    """The Git repository. Its commits are known in their order, so that one can say whether a mirror went back."""

    def __init__(self, folder, packages):
        self.git = folder / "upstream.git"
        self.origin = Origin()
        self.archives = []
        self.commits = []
        self.lock = threading.Lock()
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.git], check=True)
        self.commit([("repo", 'opam-version: "2.0"\n'), *(self.package() for _ in range(packages))])

    def merge(self, count=1, size=None):
        """One commit with so many new packages; the last of its archives."""
        with self.lock:
            self.commit([self.package(size) for _ in range(count)])
            return self.archives[-1]

    def head(self):
        return self.commits[-1]

    def age(self, commit):
        """The number of this commit in the history of the remote; nothing if it is none of them."""
        return self.commits.index(commit) if commit in self.commits else None

    def package(self, size=None):
        """A file of the repository; its archive is there from now on. Of three versions in a row each belongs to one package."""
        number = len(self.archives)
        name, version = f"pkg-{number // 3}", f"1.{number % 3}"
        chance = random.Random(number)
        body = chance.randbytes(size or (BIG if number % 50 == 49 else chance.choice(SIZES)))
        digests = {kind: hashlib.new(kind, body).hexdigest() for kind in CHECKSUMS[number % len(CHECKSUMS)]}
        kind, digest = next(iter(digests.items()))
        origin = f"/{name}-{version}.tar.gz"
        self.origin.files[origin] = body
        self.archives.append(Archive(f"/cache/{kind}/{digest[:2]}/{digest}", origin, body))
        return f"packages/{name}/{name}.{version}/opam", OPAM.format(
            name=name, minor=number % 9, needs=f"pkg-{number // 6}", url=self.origin.url(origin),
            checksums=" ".join(f'"{kind}={digest}"' for kind, digest in digests.items()))

    def commit(self, files):
        """Writes the commit straight into the bare repository, which costs one process and no work tree."""
        stream = [f"commit refs/heads/main\nmark :1\ncommitter Nobody <nobody@example.org> {int(time.time())} +0000\n",
                  "data 6\nmerge\n", "from refs/heads/main^0\n" if self.commits else "",
                  *(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in files), "\nget-mark :1\n"]
        told = subprocess.run(["git", "-C", self.git, "fast-import", "--quiet"], input="".join(stream), check=True, text=True,
                              stdout=subprocess.PIPE)
        self.commits.append(told.stdout.strip())

    @contextlib.contextmanager
    def away(self):
        """Meanwhile the repository cannot be reached."""
        elsewhere = self.git.with_name("away.git")
        self.git.rename(elsewhere)
        try:
            yield
        finally:
            elsewhere.rename(self.git)
