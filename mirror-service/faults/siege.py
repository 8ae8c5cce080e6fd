"""What `overload` besieges a mirror with: a repository some of whose archives nobody gives, wrk with statuses, streams of
HTTP/2 that nobody reads, and one patient client that tells what it felt. The mirror has one core, all else the other.
"""

import contextlib
import hashlib
import json
import multiprocessing
import os
import pathlib
import random
import re
import resource
import socket
import struct
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))

import archives  # noqa: E402
import harness  # noqa: E402
import load  # noqa: E402

FILLERS = 400
PROBE_SECONDS = 0.02
PATIENCE_SECONDS = 2
GOODPUT_SECONDS = 1


def options(parser):
    """The options of a subcommand, checked."""
    chosen = parser.parse_args()
    harness.NEEDED = {"git": "git", "wrk": "wrk", "taskset": "util-linux", "lighttpd": "lighttpd"}
    # Who asks a mirror that is dying does not wait for long.
    harness.DEADLINE_SECONDS = 60
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return harness.prepared(chosen)


class Repository(archives.Origin):
    """A repository whose index is a megabyte. Its origin takes connections and never answers."""

    def __init__(self, place, held, missing=0, named=True):
        super().__init__(place, [*held, *(64 + number for number in range(missing))])
        self.held, self.missing = self.names[: len(held)], self.names[len(held) :]
        generator = random.Random(3)
        for number in range(FILLERS):
            folder = self.repository / "packages" / "filler" / f"filler.{number}"
            folder.mkdir(parents=True)
            (folder / "opam").write_text(f'opam-version: "2.0"\ndescription: "{generator.randbytes(3_000).hex()}"\n')
        self.commit(0, len(self.names) if named else 0)

    def hold(self, data):
        """Puts the archives that are held where the mirror keeps them."""
        for name, sha256 in self.held:
            file = data / cache_path(sha256)[1:]
            file.parent.mkdir(parents=True, exist_ok=True)
            os.link(self.root / name, file)

    def __enter__(self):
        self.silence = socket.create_server(("127.0.0.1", self.port), backlog=1_024)
        return self

    def __exit__(self, *_):
        self.silence.close()


def cache_path(sha256):
    return f"/cache/sha256/{sha256[:2]}/{sha256}"


@contextlib.contextmanager
def mirror(chosen, repository, place, *more):
    """A mirror on a core of its own that serves this repository."""
    words = ("--allow-upstream", "127.0.0.1", "--event-loops", "1", *more)
    repository.hold(place / "data")
    launcher = load.on(load.SERVER_CORE, [])
    with harness.Mirror(chosen, str(repository.repository), place / "data", *words, launcher=launcher) as started:
        started.serves()
        os.sched_setaffinity(0, {load.LOAD_CORE})
        yield started


# --- figures of the process ---------------------------------------------------------------------------------------


def heap(watched):
    """MiB of the heap that are in use, it being collected; nothing if the mirror does not tell."""
    with contextlib.suppress(OSError, RuntimeError, subprocess.CalledProcessError):
        watched.collect()
        return watched.live() / 2**20
    return None


def resident(watched):
    """MiB of the process that are in memory."""
    status = pathlib.Path(f"/proc/{watched.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def meter(watched, name, **labels):
    """The sum of all meters of this name with these labels."""
    fitting = [f'{label}="{value}"' for label, value in labels.items()]
    found = watched.meters().items()
    return sum(value for key, value in found if key.split("{")[0] == name and all(one in key for one in fitting))


def direct(watched):
    """MiB of memory outside the heap that buffers have, as the JVM counts it."""
    return meter(watched, "jvm_buffer_memory_used_bytes", id="direct") / 2**20


def memory(watched):
    """The three in words."""
    live = heap(watched)
    told = "heap: no answer" if live is None else f"heap {live:.0f} MiB in use, direct {direct(watched):.0f} MiB"
    return f"{told}, resident {resident(watched):.0f} MiB"


def exhausted(watched):
    """How often the log tells of a heap that was full."""
    return watched.log.read_text(errors="replace").count("OutOfMemoryError")


def busy(core):
    """Seconds for which a core has worked, of those that it was there."""
    line = next(one for one in pathlib.Path("/proc/stat").read_text().splitlines() if one.startswith(f"cpu{core} "))
    ticks = [int(field) for field in line.split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


class Cores:
    """How busy the mirror and both cores are from now on, each as a share of one core."""

    def __init__(self, pid):
        self.pid, self.begin, self.used = pid, time.monotonic(), load.cpu_seconds(pid)
        self.before = {core: busy(core) for core in (load.SERVER_CORE, load.LOAD_CORE)}

    def shares(self):
        shares = {"mirror": (load.cpu_seconds(self.pid) - self.used) / (time.monotonic() - self.begin)}
        for core, (worked, there) in self.before.items():
            now = busy(core)
            shares[core] = (now[0] - worked) / (now[1] - there)
        return shares


# --- the load -----------------------------------------------------------------------------------------------------


class Wrk:
    """wrk on some paths, going on beside others."""

    def __init__(self, port, place, paths, connections, seconds, counted=True, headers=(), body=None):
        file = place / f"paths-{hashlib.sha256(repr(paths).encode()).hexdigest()[:16]}"
        file.write_text("\n".join(paths) + "\n")
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{GOODPUT_SECONDS}s"]
        words += [word for header in headers for word in ("-H", header)]
        words += ["-s", HERE / "siege.lua", f"http://127.0.0.1:{port}", "--", file]
        words += ["counted" if counted else "uncounted", *([body] if body else [])]
        self.process = subprocess.Popen(load.on(load.LOAD_CORE, words), stdout=subprocess.PIPE, text=True)

    def ended(self):
        """What it counted."""
        return json.loads(self.process.communicate()[0].splitlines()[-1])


def useful(counts):
    """Answers a second that came within a second and were neither refused nor failed."""
    return (counts["all"] - counts["failed"] - counts["late"]) / counts["seconds"]


class Beside:
    """Work in a process of its own, which is given an event that says when it is over, and a pipe to tell what it found."""

    def __init__(self, work, *words):
        self.over = multiprocessing.Event()
        self.mine, self.theirs = multiprocessing.Pipe(False)
        self.process = multiprocessing.Process(target=work, args=(*words, self.over, self.theirs), daemon=True)

    def __enter__(self):
        self.process.start()
        self.theirs.close()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.found = self.mine.recv()
        self.process.join()


def probe(port, path="/repo", source="127.0.0.1"):
    """A client that asks again and again for one small file, each time on a new connection."""
    return Beside(ask_on, port, path, source)


def felt_by(latencies):
    """What a probe found, in words."""
    good = [latency for latency in latencies if latency is not None]
    middle, most = (load.quantile(good, part) * 1000 if good else float("nan") for part in (0.5, 0.99))
    failed = len(latencies) - len(good)
    return f"{failed} of {len(latencies)} probes failed, p50 {middle:.1f} ms, p99 {most:.1f} ms"


def ask_on(port, path, source, over, told):
    latencies = []
    while not over.wait(PROBE_SECONDS):
        begin = time.perf_counter()
        answer = once(port, path, source)
        latencies.append(time.perf_counter() - begin if answer and answer.startswith(b"HTTP/1.1 200") else None)
    told.send(latencies)


def once(port, path, source="127.0.0.1", headers="", patience=PATIENCE_SECONDS):
    """The whole answer to one request on a connection of its own, or nothing."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n".encode()
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), patience, (source, 0)) as link:
        link.sendall(request)
        answer = bytearray()
        while piece := link.recv(1 << 16):
            answer += piece
        return bytes(answer)
    return None


def felt(port, seconds):
    """What one client feels on one connection, in milliseconds a request, for so long."""
    words = load.on(load.LOAD_CORE, [sys.executable, "-B", HERE.parent / "bench" / "probe.py", port, "/repo"])
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as probe:
        time.sleep(seconds)
        return [float(line) for line in probe.communicate("")[0].split()]


def asking(port, path, source):
    """A connection from this address on which something is asked for; of the answer the beginning is read."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    link.settimeout(10)
    link.bind((source, 0))
    link.connect(("127.0.0.1", port))
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    link.recv(1 << 12)
    return link


# --- HTTP/2 -------------------------------------------------------------------------------------------------------

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 7, 8
REFUSED_STREAM = 7
END_STREAM, END_HEADERS = 1, 4
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4
STATUSES = {0x88: "200", 0x89: "204", 0x8A: "206", 0x8B: "304", 0x8C: "400", 0x8D: "404", 0x8E: "500"}


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def begin(window):
    """What a client with prior knowledge says first: so much room for each stream, 16 MiB for all, and no dynamic table."""
    settings = struct.pack(">HIHI", HEADER_TABLE_SIZE, 0, INITIAL_WINDOW_SIZE, window)
    return PREFACE + frame(SETTINGS, 0, 0, settings) + frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 16 << 20))


def get(stream, path):
    """A request, its fields as HPACK's static table has them: :method GET, :scheme http, :path, :authority."""
    fields = b"\x82\x86" + b"\x04" + text(path) + b"\x01" + text("127.0.0.1")
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, fields)


def text(value):
    assert len(value) < 127
    return bytes([len(value)]) + value.encode()


def statuses(link, count):
    """The statuses of so many answers on a connection of HTTP/2, of which none may be longer than its window."""
    found, ended, received = [], 0, b""
    while ended < count:
        try:
            piece = link.recv(1 << 16)
        except OSError as failure:
            return found + [type(failure).__name__] * (count - len(found))
        received += piece
        while len(received) >= 9 and len(received) >= 9 + (length := int.from_bytes(received[:3], "big")):
            kind, flags, payload = received[3], received[4], received[9 : 9 + length]
            received = received[9 + length :]
            if kind == HEADERS:
                found.append(status(payload))
            if kind == RST_STREAM:
                found.append("REFUSED_STREAM" if payload[3] == REFUSED_STREAM else "RST_STREAM")
            ended += kind == RST_STREAM or (kind in (DATA, HEADERS) and bool(flags & END_STREAM))
            if kind == GOAWAY:
                return found + ["GOAWAY"] * (count - len(found))
        if not piece:
            return found + ["closed"] * (count - len(found))
    return found


def status(fields):
    """The first of an answer's fields, behind what says that there is no dynamic table."""
    while fields[0] & 0xE0 == 0x20:
        fields = fields[1:]
    return STATUSES.get(fields[0]) or fields[2 : 2 + fields[1]].decode()
