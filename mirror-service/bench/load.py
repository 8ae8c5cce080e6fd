"""What the benchmark of serving shares: nginx as the rival, and wrk and h2load as the load, on another core than the servers."""

import dataclasses
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import threading

import harness

SERVER_CORE = 0
LOAD_CORE = 1
WARM_UP_SECONDS = 1
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}

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
  server {{ listen 127.0.0.1:{h2c} http2; root {root}; http2_max_concurrent_streams 128; keepalive_requests 1000000000; }}
  server {{ listen 127.0.0.1:{tls} ssl http2; root {root}; }}
}}
"""


def on(core, words):
    return ["taskset", "-c", str(core), *(str(word) for word in words)]


class Nginx:
    """nginx with one worker, its settings as one who wants speed would make them."""

    def __init__(self, place, root, certificate, key, text):
        self.place, self.root = place, root
        self.port, self.h2c, self.tls = harness.free_port(), harness.free_port(), harness.free_port()
        configuration = NGINX.format(
            place=place, root=root, certificate=certificate, key=key, text=text, port=self.port, h2c=self.h2c, tls=self.tls
        )
        self.configuration = place / "nginx.conf"
        self.configuration.write_text(configuration)

    def __enter__(self):
        # Started by root, its worker gives up its rights: it must still be able to read the files.
        for folder in (self.place, *(path for path in self.root.rglob("*") if path.is_dir()), self.root):
            folder.chmod(0o755)
        words = on(SERVER_CORE, [harness.which("nginx"), "-p", self.place, "-c", self.configuration])
        self.process = subprocess.Popen(words)
        harness.wait_for(self.port, "/repo", self.process)
        return self

    def __exit__(self, *_):
        harness.end(self.process)

    def worker(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])


def cpu_seconds(process):
    """What the process has used, of user and system time."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def resident_bytes(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


@dataclasses.dataclass
class Figures:
    """What one run of a load saw: a second's requests and bytes, the 99th percentile in seconds, the server's CPU."""

    requests: float
    bytes: float
    p99: float
    cpu_a_request: float
    cpu_a_byte: float


def wrk(url, process, seconds, connections, headers=()):
    """All the requests that the server can answer, over HTTP/1.1."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    words += [word for header in headers for word in ("-H", header)]
    before = cpu_seconds(process)
    said = subprocess.run(on(LOAD_CORE, [*words, url]), capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(process) - before
    done, volume = re.search(r"(\d+) requests in [\d.]+\w+, ([\d.]+\w+) read", said).groups()
    if re.search(r"Non-2xx or 3xx responses|Socket errors: connect [1-9]", said):
        raise RuntimeError(f"not all of {url} was answered:\n{said}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    p99, unit = re.search(r"99%\s+([\d.]+)(\w+)", said).groups()
    elapsed = int(done) / rate
    return Figures(rate, volume_bytes(volume) / elapsed, float(p99) * UNITS[unit], used / int(done), used / volume_bytes(volume))


def volume_bytes(text):
    number, unit = re.match(r"([\d.]+)(\w+)", text).groups()
    return float(number) * {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[unit]


def h2load(url, process, seconds, connections, place, streams=1, rate=0, plain=False):
    """HTTP/2, or HTTP/1.1 if plain; at most `rate` requests a second if that is not 0."""
    log = place / "h2load.log"
    log.unlink(missing_ok=True)
    words = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{seconds}", f"--warm-up-time={WARM_UP_SECONDS}"]
    words += ["--h1"] if plain else []
    words += [f"--rps={rate / connections:.3f}", f"--log-file={log}"] if rate else []
    before = cpu_seconds(process)
    said = subprocess.run(on(LOAD_CORE, [*words, url]), capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(process) - before
    done = re.search(r"requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed", said)
    if int(done[1]) == 0 or int(done[2]) > 0:
        raise RuntimeError(f"not all of {url} was answered:\n{said}")
    p99 = quantile([int(line.split("\t")[2]) / 1e6 for line in log.read_text().splitlines()], 0.99) if rate else 0.0
    requests = int(done[1]) / seconds
    volume = int(re.search(r"traffic: .*? \((\d+)\) total", said)[1]) / seconds
    span = seconds + WARM_UP_SECONDS
    return Figures(requests, volume, p99, used / (requests * span), used / (volume * span))


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


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


def certificate(place):
    """A certificate for 127.0.0.1 by nobody, as the key's file and its own."""
    key, certificate = place / "key.pem", place / "certificate.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    words += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    harness.command(words, place)
    return certificate, key


def medians(figures):
    """Of several runs, the median of each figure."""
    return Figures(*(statistics.median(column) for column in zip(*(dataclasses.astuple(one) for one in figures))))


def copy(content, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)
