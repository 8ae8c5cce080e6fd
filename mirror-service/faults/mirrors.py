"""A mirror as a process, what it mirrors, and `verify` as a process that is asked again and again."""

import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
JAR = HERE.parent / "target/mirror-service.jar"
TESTS = HERE.parent / "target/test-classes"
JAVA = os.environ.get("JAVA", "java")
OPTIONS = ("-XX:+UseSerialGC", "-Xmx96m", "-Xshare:auto", "-XX:TieredStopAtLevel=1")
PATIENCE_SECONDS = 60


class Upstream:
    """A Git repository with packages, and a server of their archives."""

    def __init__(self, folder):
        self.git = folder / "upstream"
        self.files = {}
        self.commits = []
        self.packages = 0
        subprocess.run(["git", "init", "-q", "-b", "main", self.git], check=True)
        (self.git / "repo").write_text('opam-version: "2.0"\n')
        files = self.files

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = files.get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # whoever asked was killed
                    self.wfile.write(body or b"")

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def merge(self, count):
        """Adds so many packages, in one commit, whose name it returns."""
        for _ in range(count):
            self.packages += 1
            name = f"p{self.packages}"
            body = random.Random(name).randbytes(20_000 + self.packages % 7 * 30_000)
            self.files[f"/{name}"] = body
            url = f"http://127.0.0.1:{self.server.server_port}/{name}"
            opam = self.git / f"packages/{name}/{name}.1/opam"
            opam.parent.mkdir(parents=True)
            algorithm = ("md5", "sha256", "sha512")[self.packages % 3]
            opam.write_text(f'opam-version: "2.0"\nurl {{\n  src: "{url}"\n  checksum: '
                            f'"{algorithm}={hashlib.new(algorithm, body).hexdigest()}"\n}}\n')
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "gc.auto=0")
        subprocess.run(["git", "-C", self.git, "add", "-A"], check=True)
        subprocess.run(["git", "-C", self.git, *who, "commit", "-q", "-m", "merge"], check=True)
        self.commits.append(subprocess.run(["git", "-C", self.git, "rev-parse", "HEAD"], check=True, text=True,
                                           stdout=subprocess.PIPE).stdout.strip())
        return self.commits[-1]


class Mirror:
    """A running mirror."""

    def __init__(self, upstream, data, *before, options=()):
        self.upstream = upstream
        self.began = time.monotonic()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*before, JAVA, *OPTIONS, *options, "-jar", JAR, "--remote", upstream.git, "--data", data, "--host", "127.0.0.1",
             "--port", "0", "--management-port", "0", "--poll", "100ms", "--archives", "eager", "--allow-upstream",
             "127.0.0.1", "--archive-store", "file"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True, start_new_session=True)
        self.url = ""
        self.ready = self.whole = 0.0

    def started(self):
        """The same, once it serves or has died; one that does neither is killed."""
        late = threading.Timer(PATIENCE_SECONDS, os.killpg, (self.process.pid, signal.SIGKILL))
        late.start()
        self.url = self.process.stdout.readline().strip()
        late.cancel()
        self.ready = time.monotonic() - self.began
        return self

    def management(self):
        return re.search(r"management (http:[^)]+)", self.said(None))[1]

    def snapshot(self):
        try:
            with urllib.request.urlopen(f"{self.url}/snapshot.json", timeout=5) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return {}

    def runs(self):
        return bool(self.url) and self.process.poll() is None

    def waits_for(self, commit):
        """Whether it serves this commit and holds all archives before it dies."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.runs() and time.monotonic() < end:
            shown = self.snapshot()
            if shown.get("commit") == commit and shown.get("archives_held") == len(self.upstream.files):
                self.whole = time.monotonic() - self.began
                return True
            time.sleep(0.03)
        return False

    def end(self, how=signal.SIGTERM):
        """Ends it; one that does not end in time is killed, and fails."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise SystemExit(f"a mirror does not end: {self.said()}") from None
        self.process.stdout.close()

    def said(self, most=1500):
        """The end of its log."""
        size = os.fstat(self.log.fileno()).st_size
        return os.pread(self.log.fileno(), size, 0).decode(errors="replace")[-most if most else 0:]


class Verifier:
    """Which commit and how many archives a data directory holds, and what is broken in it, if anything."""

    def __init__(self):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            [JAVA, *OPTIONS, "-cp", f"{TESTS}:{JAR}", "io.github.mirrorservice.mirror.VerifyEach"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)

    def verify(self, data):
        with self.lock:
            print(data, file=self.process.stdin, flush=True)
            status, _, told = self.process.stdout.readline().strip().partition(" ")
        return found(status == "0", told)


def verb(data, *words):
    """The same, by the verb of the jar."""
    run = subprocess.run([JAVA, *OPTIONS, "-jar", JAR, "verify", "--data", data, *words], text=True,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE_SECONDS)
    return found(run.returncode == 0, run.stdout)


def found(sound, told):
    read = re.search(r"read (?:the snapshot of commit (\w+)|no snapshot) and (\d+) archives", told)
    if not sound or not read:
        return None, 0, told or "verify says nothing"
    return read[1], int(read[2]), ""
