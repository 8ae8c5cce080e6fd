"""What the benchmark of serving shares: nginx and the mirror on one core, wrk and h2load on another, and their figures."""

import contextlib
import dataclasses
import http.client
import os
import pathlib
import re
import statistics
import subprocess
import sys
import threading

import harness

SERVER_CORE = 0
LOAD_CORE = 1
WARM_UP_SECONDS = 1
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
MILLISECONDS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}

NGINX = """
daemon off; worker_processes 1; pid {place}/nginx.pid; error_log {place}/nginx.log crit; worker_rlimit_nofile 40000;
events {{ worker_connections 20000; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 1h; server_tokens off;
  open_file_cache max=1000 inactive=1h; open_file_cache_valid 1h; types {{ }} default_type text/plain;
  client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
  ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.3;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; location = /memory {{ return 200 "{text}"; }} }}
  server {{ listen 127.0.0.1:{h2c} http2; root {root}; }}
  server {{ listen 127.0.0.1:{tls} ssl http2; root {root}; }}
}}
"""


def on(core, words):
    return ["taskset", "-c", str(core), *(str(word) for word in words)]


def aside():
    """What launches what must be there but is not measured: on the core of the load, with the time that this leaves over."""
    return ["nice", "-n", "19", *on(LOAD_CORE, [])]


# --- the servers --------------------------------------------------------------------------------------------------


class Nginx:
    """nginx with one worker, set as one who wants speed would set it: no access log, open files kept."""

    def __init__(self, place, root, certificate):
        self.place, self.root = place, root
        self.port, self.h2c, self.tls = harness.free_port(), harness.free_port(), harness.free_port()
        names = {"place": place, "root": root, "certificate": certificate[0], "key": certificate[1]}
        # Only its length matters, and that nothing of it needs an escape.
        text = "x" * (root / "repo").stat().st_size
        self.configuration = place / "nginx.conf"
        self.configuration.write_text(NGINX.format(**names, text=text, port=self.port, h2c=self.h2c, tls=self.tls))

    def __enter__(self):
        # Started by root, its worker gives up its rights: it must still be able to read the files.
        for folder in (self.place, self.root, *(path for path in self.root.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        words = [harness.which("nginx"), "-p", self.place, "-c", self.configuration]
        self.process = subprocess.Popen(on(SERVER_CORE, words))
        harness.wait_for(self.port, "/repo", self.process)
        return self

    def __exit__(self, *_):
        harness.end(self.process)

    def url(self, path, tls=False, http2=False):
        if tls:
            return f"https://127.0.0.1:{self.tls}{path}"
        return f"http://127.0.0.1:{self.h2c if http2 else self.port}{path}"

    def tag(self, path):
        return tag(self.port, path)

    def worker(self, tls=False):
        main = self.process.pid
        return int(pathlib.Path(f"/proc/{main}/task/{main}/children").read_text().split()[0])


class Ours:
    """The mirror, once without TLS and once with it."""

    WORDS = ("--allow-upstream", "127.0.0.1", "--max-connections", "20000", "--max-connections-per-address", "20000")

    def __init__(self, options, url, place, certificate):
        launcher = on(SERVER_CORE, [])
        secure = ("--tls-certificate", str(certificate[0]), "--tls-key", str(certificate[1]))
        self.plain = harness.Mirror(options, url, place / "data", *self.WORDS, launcher=launcher)
        self.secured = harness.Mirror(options, url, place / "data-tls", *self.WORDS, *secure, launcher=launcher)

    def __enter__(self):
        with contextlib.ExitStack() as started:
            for mirror in (self.plain, self.secured):
                started.enter_context(mirror)
                mirror.ready()
            self.started = started.pop_all()
        return self

    def __exit__(self, *_):
        self.started.close()

    def url(self, path, tls=False, http2=False):
        return f"https://127.0.0.1:{self.secured.port}{path}" if tls else f"http://127.0.0.1:{self.plain.port}{path}"

    def tag(self, path):
        return tag(self.plain.port, path)

    def worker(self, tls=False):
        return (self.secured if tls else self.plain).process.pid

    def live(self):
        """Bytes of the heap that are in use, it being collected."""
        self.plain.collect()
        return self.plain.live()


def tag(port, path):
    """The entity tag under which a server knows the path."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    with contextlib.closing(connection):
        connection.request("HEAD", path)
        return connection.getresponse().headers["ETag"]


def certificate(place):
    """A certificate for 127.0.0.1 by nobody, and its key, as files."""
    chain, key = place / "certificate.pem", place / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    words += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", chain]
    harness.command(words, place)
    return chain, key


class Merges:
    """An upstream that has a new merge whenever the mirror has taken the last one: ingest without a pause."""

    def __init__(self, upstream, mirror):
        self.upstream, self.mirror = upstream, mirror
        self.over = threading.Event()
        self.count = 0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.is_set():
            self.count += 1
            self.upstream.at(self.upstream.commits[-2 if self.count % 2 else -1])
            self.mirror.sync()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


# --- the load -----------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Figures:
    """What one run of a load saw: requests a second, the 99th percentile, the server's CPU seconds a request."""

    rate: float
    p99_ms: float
    cpu: float


def wrk(url, process, seconds, connections, headers=()):
    """All the requests that the server can answer, over HTTP/1.1."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    words += [word for header in headers for word in ("-H", header)]
    before = cpu_seconds(process)
    said = subprocess.run(on(LOAD_CORE, [*words, url]), capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(process) - before
    if re.search(r"Non-2xx or 3xx responses|Socket errors: connect [1-9]", said):
        raise RuntimeError(f"not all of {url} was answered:\n{said}")
    done = int(re.search(r"(\d+) requests in", said)[1])
    if done == 0 and seconds < 30:
        # A thousand large answers at once, on a busy machine: none is whole within a second.
        return wrk(url, process, 2 * seconds, connections, headers)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    p99, unit = re.search(r"99%\s+([\d.]+)(\w+)", said).groups()
    return Figures(rate, float(p99) * MILLISECONDS[unit], used / done)


def h2load(url, process, seconds, connections, place, streams=1, rate=0, http1=False):
    """Over HTTP/2, or HTTP/1.1; at most `rate` requests a second if that is not 0, and only then with a percentile."""
    log = place / "h2load.log"
    log.unlink(missing_ok=True)
    words = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{seconds}", f"--warm-up-time={WARM_UP_SECONDS}"]
    words += ["--h1"] if http1 else []
    words += [f"--rps={rate / connections:.3f}", f"--log-file={log}"] if rate else []
    before = cpu_seconds(process)
    said = patiently(on(LOAD_CORE, [*words, url]), 3 * (seconds + WARM_UP_SECONDS))
    used = cpu_seconds(process) - before
    done = re.search(r"(\d+) succeeded, (\d+) failed", said)
    if int(done[1]) == 0 or int(done[2]) > 0:
        raise RuntimeError(f"not all of {url} was answered:\n{said}")
    times = [int(line.split("\t")[2]) / 1e3 for line in log.read_text().splitlines()] if rate else [0]
    reached = int(done[1]) / seconds
    # The CPU time includes the warming up, of which h2load does not tell the requests.
    return Figures(reached, quantile(times, 0.99), used / (reached * (seconds + WARM_UP_SECONDS)))


def patiently(words, longest):
    """What the command printed. h2load never ends if its time is over before all its TLS handshakes are: so once more."""
    for _ in range(3):
        with contextlib.suppress(subprocess.TimeoutExpired):
            return subprocess.run(words, capture_output=True, text=True, check=True, timeout=longest).stdout
    sys.exit(f"{' '.join(words)} does not end")


def cpu_seconds(process):
    """What the process has used, of user and system time."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def versions():
    """Those of the rival and of the load."""
    nginx = subprocess.run([harness.which("nginx"), "-v"], capture_output=True, text=True, check=True).stderr
    wrk_says = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout
    return f"{nginx.split(':')[1].strip()}, {re.search(r'wrk [^ ]+', wrk_says)[0]}"


# --- figures ------------------------------------------------------------------------------------------------------


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def columns(figures):
    """Of several runs, each figure's values."""
    return Figures(*map(list, zip(*(dataclasses.astuple(one) for one in figures))))


def pairs(runs, rival, ours):
    """Measures both sides in turn, swapping who is first; the JVM compiles what is new to it before."""
    theirs, mine = [], []
    ours()
    for turn in range(runs):
        for side, kept in ((rival, theirs), (ours, mine))[:: 1 if turn % 2 == 0 else -1]:
            kept.append(side())
    return columns(theirs), columns(mine)


def report(name, rival, ours, unit, goal, note, most=False):
    """Prints one row, and returns it for the plot; the goal is the least ratio, or the most."""
    reached = harness.ratio(rival, ours)
    good = reached <= goal if most else reached >= goal
    verdict = f"{'≤' if most else '≥'} {goal}: {'reached' if good else '**missed**'}"
    harness.table([(name, middle(rival, unit), middle(ours, unit), f"{reached:.2f}; {note}", verdict)], True)
    return name, reached, goal, good


def middle(values, unit):
    least, most = min(values), max(values)
    digits = 0 if most >= 1_000 else 2
    return f"{statistics.median(values):,.{digits}f}{unit} ({least:,.{digits}f}–{most:,.{digits}f})"
