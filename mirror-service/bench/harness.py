"""What the benchmarks share: an upstream Git server, the mirror as a process, the rival's commands, pairs and tables.

Standard library only. Everything listens on 127.0.0.1 and everything started is ended.
"""

import argparse
import contextlib
import http.client
import os
import pathlib
import platform
import re
import shlex
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
NEEDED = {"git": "git", "opam": "opam", "lighttpd": "lighttpd", "tar": "tar"}
HEADER = ("what", "rival", "ours", "ratio", "to reach")
REFUSED_PAUSE_SECONDS = 0.002
ANSWERED_PAUSE_SECONDS = 0.02
DEADLINE_SECONDS = 300


def arguments(description, **defaults):
    """The options that every benchmark has; a benchmark adds its own to what is returned."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--bundle", default=os.environ.get("OPAM_CORPUS"), help="bundle of opam-repository (or OPAM_CORPUS)")
    parser.add_argument("--jar", default=str(HERE.parent / "target" / "mirror-service.jar"), help="the mirror")
    parser.add_argument("--java", default="java", help="the JVM, for both sides")
    parser.add_argument("--jvm-options", default="", help="options of the JVM, for both sides where both are Java")
    parser.add_argument("--runs", type=int, default=defaults.get("runs", 5), help="measured pairs; one more warms up")
    parser.add_argument("--class-cache", action="store_true", help="first ingest, restart: with the JVM's class cache prepared")
    parser.add_argument("--rows-only", action="store_true", help="print the rows without the heading")
    return parser


def checked(options):
    """The options, or the end of the program with a message that names the remedy."""
    if not options.bundle:
        sys.exit("which repository? Name a bundle of opam-repository: --bundle FILE, or OPAM_CORPUS=FILE")
    if not os.path.exists(options.bundle):
        sys.exit(f"there is no {options.bundle}: name another")
    return prepared(options)


def prepared(options):
    """The same for a benchmark that makes its own repository."""
    # A benchmark that is told to end ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    if not os.path.exists(options.jar):
        sys.exit(f"there is no {options.jar}: name another, or run mvn -q -DskipTests package first")
    missing = sorted(package for tool, package in NEEDED.items() if not which(tool))
    if missing:
        install(missing)
    return options


def which(tool):
    return shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def install(packages):
    """Installs Debian packages where nobody minds: as root in CI. Elsewhere says what to install."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not os.environ.get("CI"):
        sys.exit("needed here: " + " ".join(command))
    subprocess.run(command, check=True, stdout=sys.stderr)


@contextlib.contextmanager
def workplace():
    """A directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mirror-bench-") as path:
        yield pathlib.Path(path)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def note(text):
    print(text, file=sys.stderr, flush=True)


# --- the rival and the upstream ---------------------------------------------------------------------------------


def environment(home):
    """What the rival's programs see: nothing of this machine's Git or opam configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "OPAM"))}
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "OPAMROOT": str(home / "opam"),
        "OPAMROOTISOK": "1",
        "OPAMYES": "1",
        "TZ": "UTC",
    }


def command(words, home, cwd=None):
    """Runs a command and returns what it printed."""
    words = [str(word) for word in words]
    done = subprocess.run(words, cwd=cwd, env=environment(home), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Upstream:
    """The repository as its own Git would serve it: git http-backend behind lighttpd, on a free port of 127.0.0.1."""

    CONFIGURATION = """
server.modules = ("mod_alias", "mod_setenv", "mod_cgi")
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{root}"
server.errorlog = "{root}/lighttpd.log"
server.stream-response-body = 1
setenv.set-environment = ("GIT_PROJECT_ROOT" => "{root}", "GIT_HTTP_EXPORT_ALL" => "1")
alias.url = ("/" => "{backend}/")
cgi.assign = ("" => "")
"""

    def __init__(self, bundle, place, launcher=()):
        self.launcher = launcher
        self.home = place
        self.root = place / "upstream"
        self.repository = self.root / "opam-repository.git"
        self.root.mkdir()
        command(["git", "clone", "--quiet", "--bare", bundle, self.repository], place)
        self.branch = self.git("symbolic-ref", "HEAD").strip()
        self.commits = self.git("rev-list", "--first-parent", "--reverse", "HEAD").split()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/{self.repository.name}"

    def git(self, *words):
        return command(["git", "--git-dir", self.repository, *words], self.home)

    def add(self, path, content):
        """Adds a file in a commit of its own, and makes that the tip."""
        blob = self.home / "blob"
        blob.write_text(content)
        self.git("read-tree", "HEAD")
        self.git("update-index", "--add", "--cacheinfo", f"100644,{self.git('hash-object', '-w', blob).strip()},{path}")
        author = ("-c", "user.name=b", "-c", "user.email=b@localhost")
        commit = self.git(*author, "commit-tree", "-p", "HEAD", "-m", path, self.git("write-tree").strip()).strip()
        self.commits.append(commit)
        self.at(commit)

    def at(self, commit):
        """Makes this commit the tip of the branch."""
        self.git("update-ref", self.branch, commit)

    def __enter__(self):
        backend = command(["git", "--exec-path"], self.home).strip() + "/git-http-backend"
        configuration = self.root / "lighttpd.conf"
        configuration.write_text(self.CONFIGURATION.format(port=self.port, root=self.root, backend=backend))
        words = [*self.launcher, which("lighttpd"), "-D", "-f", configuration]
        self.process = subprocess.Popen(words, env=environment(self.home))
        wait_for(self.port, f"/{self.repository.name}/HEAD", self.process)
        return self

    def __exit__(self, *_):
        end(self.process)


class Checkout:
    """The rival: a shallow clone with its files, and the index that opam makes of them."""

    def __init__(self, url, place):
        self.place = place
        self.url = url
        self.clones = 0

    def clone(self):
        # Never where an earlier one was: ext4 is slow to hand out inodes that were freed in the last seconds.
        self.clones += 1
        self.path = self.place / f"checkout-{self.clones}"
        command(["git", "clone", "--quiet", "--depth", "1", self.url, self.path], self.place)

    def pull(self):
        command(["git", "pull", "--quiet", "--ff-only"], self.place, cwd=self.path)

    def index(self):
        """Makes the index and returns its size in bytes."""
        repo = (self.path / "repo").read_bytes()
        command(["opam", "admin", "index"], self.place, cwd=self.path)
        # opam stamps this file, and the next pull would refuse to touch it.
        (self.path / "repo").write_bytes(repo)
        return (self.path / "index.tar.gz").stat().st_size


# --- ours -------------------------------------------------------------------------------------------------------


class Mirror:
    """The mirror as a process of its own on two free ports."""

    def __init__(self, options, remote, data, *more, jvm_options=None, launcher=()):
        self.port, self.management = free_port(), free_port()
        chosen = options.jvm_options if jvm_options is None else jvm_options
        self.words = [*launcher, options.java, *shlex.split(chosen), "-jar", options.jar]
        self.words += ["--remote", remote, "--host", "127.0.0.1", "--data", str(data), "--poll", "1h", *more]
        self.words += ["--port", str(self.port), "--management-port", str(self.management)]
        self.log = pathlib.Path(f"{data}.log")

    def __enter__(self):
        with self.log.open("ab") as log:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(self.words, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        end(self.process)

    def serves(self):
        """Waits for the first 200 of the index and returns the seconds since the start."""
        try:
            wait_for(self.port, "/index.tar.gz", self.process)
        except TimeoutError as failure:
            sys.exit(f"{failure}:\n{self.log.read_text()}")
        return time.perf_counter() - self.started

    def ready(self):
        """Waits until clients can be sent to it, as operators are told: for a listener with TLS."""
        wait_for(self.management, "/readyz", self.process)

    def sync(self):
        """Asks for an ingest and waits for its end."""
        return ask(self.management, "POST", "/sync?wait=true")

    def commit(self):
        """The commit that is served."""
        return re.search(r'"commit"\s*:\s*"([0-9a-f]+)"', self.get("/snapshot.json").decode())[1]

    def get(self, path):
        return ask(self.port, "GET", path)

    def meters(self):
        """All meters' values, by name and labels as they are printed."""
        lines = ask(self.management, "GET", "/metrics").decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line and line[0] != "#")}

    def collect(self):
        """Has the JVM collect its heap."""
        subprocess.run(["jcmd", str(self.process.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)

    def live(self):
        """Bytes of the heap that are in use."""
        heap = re.compile(r'jvm_memory_used_bytes\{.*area="heap"')
        return sum(value for name, value in self.meters().items() if heap.match(name))

    def phases(self):
        """Seconds spent in each phase of the ingests so far."""
        pattern = re.compile(r'mirror_ingest_phase_duration_seconds_sum\{.*phase="(\w+)"')
        return {found[1]: value for name, value in self.meters().items() if (found := pattern.match(name))}


def compiled(options, name, classes):
    """Compiles a program of this folder against the jar."""
    compiler = str(pathlib.Path(options.java).with_name("javac")) if "/" in options.java else "javac"
    subprocess.run([compiler, "-cp", options.jar, "-d", classes, HERE / f"{name}.java"], check=True)


def java(options, name, classes, *arguments, jvm_options=None):
    """The words that run a program of this folder; it logs nothing."""
    chosen = options.jvm_options if jvm_options is None else jvm_options
    quiet = "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"
    return [options.java, *shlex.split(chosen), quiet, "-cp", f"{options.jar}:{classes}", name, *arguments]


def prepare_class_cache(options, place, remote):
    """If wanted, makes the JVM's own cache of classes by one first ingest, as the README says, and has it used from now on:
    JEP 514 where there is that, JEP 350 before. The rival is not given it."""
    options.plain_jvm_options = options.jvm_options
    if not options.class_cache:
        return
    cache = place / "classes.cache"
    version = subprocess.run([options.java, "-version"], capture_output=True, text=True, check=True).stderr
    recent = int(re.search(r'version "(\d+)', version)[1]) >= 25
    made, used = ("AOTCacheOutput", "AOTCache") if recent else ("ArchiveClassesAtExit", "SharedArchiveFile")
    with Mirror(options, remote, place / "training", jvm_options=f"{options.jvm_options} -XX:{made}={cache}") as mirror:
        mirror.serves()
    options.jvm_options += f" -XX:{used}={cache}"


def cached(options):
    return ", class cache" if options.class_cache else ""


def ask(port, method, path):
    """One request that must be answered with 200; returns the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
    with contextlib.closing(connection):
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path} was answered with {answer.status}: {body[:200]!r}")
    return body


def wait_for(port, path, process):
    """Asks until the answer is 200: often while nobody listens, which costs the process nothing, then more seldom."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        pause = REFUSED_PAUSE_SECONDS
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as link:
            pause = ANSWERED_PAUSE_SECONDS
            link.sendall(request)
            if link.recv(12).endswith(b" 200"):
                return
        time.sleep(pause)
    raise TimeoutError(f"no 200 from port {port} for {path}")


def end(process):
    """Ends a process that was started here, and waits until it is gone."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# --- figures ----------------------------------------------------------------------------------------------------


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def pairs(runs, rival, ours):
    """Measures both sides in turn, swapping who is first, and drops the pair that warmed the machine."""
    measured = []
    for turn in range(runs + 1):
        order = (rival, ours) if turn % 2 == 0 else (ours, rival)
        figures = {side: side() for side in order}
        measured.append((figures[rival], figures[ours]))
        note(f"  rival {figures[rival]:.3f}  ours {figures[ours]:.3f}" + ("  (warming up)" if turn == 0 else ""))
    return [list(side) for side in zip(*measured[1:])]


def spread(values, unit="s", digits=2):
    """The median, and the least and the greatest in brackets."""
    middle, least, most = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} {unit} ({least}–{most}, n={len(values)})"


def ratio(rival, ours):
    return statistics.median(ours) / statistics.median(rival)


def verdict(reached, limit):
    return f"≤ {limit}: " + ("reached" if reached <= limit else "**missed**")


def table(rows, rows_only=False):
    """Prints rows of Markdown, with their heading if wanted."""
    heading = [] if rows_only else [HEADER, ["---"] * len(HEADER)]
    for row in [*heading, *rows]:
        print("| " + " | ".join(row) + " |", flush=True)


def machine(options):
    """One line that says on what was measured."""
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*:\s*(.*)", cpuinfo)
    java = subprocess.run([options.java, "-version"], capture_output=True, text=True, check=True).stderr.splitlines()[1]
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    opam = subprocess.run(["opam", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    commit = subprocess.run(["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return (
        f"{time.strftime('%Y-%m-%d')}, {len(os.sched_getaffinity(0))} × {model[1] if model else platform.machine()}, "
        f"Linux {platform.release()}, {java}, {git}, opam {opam}, commit {commit.stdout.strip()}, "
        f"load {os.getloadavg()[0]:.1f} at the end; median (least–greatest)"
    )
