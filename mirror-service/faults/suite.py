"""What the suites have in common: a mirror before a merge, runs by several workers, what they find, and a summary."""

import concurrent.futures
import contextlib
import hashlib
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time
import uuid

from mirrors import Mirror, Upstream, Verifier, verb

READY_SECONDS = 3
HEAD_START_SECONDS = 1  # before the first ingest
PACKS = 52


class Scene:
    """A mirror's data directory before a merge, with what killed processes leave, and the upstream behind it."""

    def __init__(self, folder, options=(), more=3):
        self.folder = folder
        self.options = options
        self.upstream = Upstream(folder)
        self.before = folder / "before"
        first = self.upstream.merge(4)
        mirror = self.mirror(self.before).started()
        if not mirror.waits_for(first):
            sys.exit(f"the mirror does not come to serve at all: {mirror.said()}")
        mirror.end()
        self.last = self.upstream.merge(more)
        litter(self.before, hashlib.md5(self.upstream.files["/p5"]).hexdigest())

    def mirror(self, data, *before, options=()):
        return Mirror(self.upstream, data, *before, options=(*self.options, *options))

    def data(self):
        """A copy of the data directory."""
        data = pathlib.Path(tempfile.mkdtemp(prefix="data-", dir=self.folder))
        shutil.copytree(self.before, data, symlinks=True, dirs_exist_ok=True)
        return data


def litter(data, md5):
    """Leaves what is begun and not finished, a link to nowhere, and so many packs that they are made one."""
    for name in ("snapshot.tmp", "incoming/9.part", "git/tip.new", "git/pack-0.pack", "import/snapshot"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_bytes(b"begun")
    link = data / "cache/md5" / md5[:2] / md5
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(f"../../sha256/00/{'0' * 64}")
    pack = next(data.glob("git/pack-?*-*.pack"))
    for _ in range(PACKS):
        other = f"pack-{uuid.uuid4()}"
        for part in (".pack", ".idx"):
            shutil.copy(pack.with_suffix(part), data / "git" / (other + part))


class Suite:
    """Counts what is found."""

    def __init__(self, name, folder, jobs, over, more=3):
        self.name = name
        self.folder = folder
        self.jobs = jobs
        self.lock = threading.Lock()
        self.over = over
        self.verify = Verifier().verify
        self.runs = self.violations = self.slow = 0
        self.longest = 0.0
        self.usual = 0.0, 0.0
        self.told = time.monotonic()
        self.scene = Scene(folder, more=more)
        self.archive_classes()
        self.began = time.monotonic()

    def archive_classes(self):
        """The JVM's archive of classes, which halves the time of a start; what makes it is a run in which nothing breaks."""
        archive = self.folder / "classes.jsa"
        data = self.scene.data()
        mirror = self.scene.mirror(data, options=(f"-XX:ArchiveClassesAtExit={archive}",)).started()
        mirror.waits_for(self.scene.last)
        self.usual = mirror.ready, max(mirror.whole, mirror.ready + HEAD_START_SECONDS)
        mirror.end()
        self.scene.options = (f"-XX:SharedArchiveFile={archive}",)
        self.look(self.scene, data, "nothing broke")
        problem = verb(self.scene.before)[2]
        self.note(self.scene.before, "the verb verify", [problem])

    def note(self, data, what, problems):
        """Tells what is wrong, if anything, and keeps the data that shows it."""
        if not any(problems):
            return
        kept = pathlib.Path(tempfile.mkdtemp(prefix="crash-", dir="/var/tmp")) / "data"
        with contextlib.suppress(OSError, shutil.Error):
            shutil.copytree(data, kept, symlinks=True)
        with self.lock:
            self.violations += 1
            print(f"VIOLATION  {what}, see {kept}: {' '.join(filter(None, problems))}", flush=True)

    def count(self, runs=1):
        with self.lock:
            self.runs += runs
            if time.monotonic() - self.told > 60:
                self.told = time.monotonic()
                print(f"so far: {self}", flush=True)

    def started(self, mirror):
        """The mirror, once it serves; how long that took counts."""
        mirror.started()
        with self.lock:
            self.longest = max(self.longest, mirror.ready)
            self.slow += mirror.ready > READY_SECONDS
        return mirror

    def look(self, scene, data, what):
        """Verifies, starts the mirror again, lets it come to its end, verifies again."""
        problems = [self.verify(data)[2]]
        mirror = self.started(scene.mirror(data))
        if not mirror.waits_for(scene.last):
            problems.append(f"does not come to serve {scene.last}: {mirror.said()}")
        elif mirror.whole > mirror.ready + HEAD_START_SECONDS:
            self.usual = mirror.ready, mirror.whole
        mirror.end()
        problems.append(self.verify(data)[2])
        self.note(data, what, problems)
        shutil.rmtree(data)

    def each(self, cases, run):
        """Runs each case, by several workers."""
        cases = iter(cases)
        turn = threading.Lock()

        def work():
            while True:
                with turn:
                    case = None if self.over.is_set() else next(cases, None)
                if case is None:
                    return
                run(case)

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as workers:
            for worker in [workers.submit(work) for _ in range(self.jobs)]:
                worker.result()

    def __str__(self):
        minutes = (time.monotonic() - self.began) / 60
        return (f"{self.runs} {self.name}, {self.violations} violations; ready again after {self.longest:.1f} s at the "
                f"latest, {self.slow} times later than {READY_SECONDS} s; {self.runs / minutes:.0f} a minute")

    def summary(self, more=""):
        print(f"{self}{more}", flush=True)
        sys.exit(1 if self.violations else 0)


def until(times, seconds):
    """Numbers, so many, or for so long."""
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end if seconds else number < times:
        yield number
        number += 1


def roomy(least):
    """A folder in memory if there is room for so many bytes, or on the disk."""
    memory = pathlib.Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > least else None


def moment(suite):
    """A random moment at which a mirror that starts does something, and whether it counts from when it serves."""
    ready, whole = suite.usual
    if random.random() < 0.4:
        return False, random.uniform(0.2, 1.1) * ready
    return True, HEAD_START_SECONDS - 0.05 + random.uniform(0, 1.3) * (whole - ready - HEAD_START_SECONDS)
