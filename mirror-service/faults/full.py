"""A mirror on a small disk that is filled up, runs out of inodes or goes read-only, while readers never stop."""

import contextlib
import errno
import hashlib
import itertools
import os
import random
import signal
import subprocess
import threading
import time
import urllib.request

from mirrors import verb
from power import mount, run
from suite import Scene, until

BACK_SECONDS = 30
READERS = 4
FAULTS = ("full", "no inodes", "read-only")


def full(suite, times, seconds):
    """Each fault once a round, on a new disk. Readers see none of it, and the mirror goes on by itself."""
    longest = dict.fromkeys(FAULTS, 0.0)
    answers = []

    def once(case):
        number, fault = case
        folder = suite.folder / f"{number}-{fault.replace(' ', '-')}"
        folder.mkdir()
        back, read = suffers(suite, Scene(folder, suite.scene.options), fault)
        longest[fault] = max(longest[fault], back)
        answers.append(read)
        suite.count()
        print(f"{fault}: {read} answers read, goes on after {back:.1f} s", flush=True)

    suite.each(((number, fault) for number in until(times, seconds) for fault in FAULTS), once)
    suite.summary(f"; {sum(answers)} answers read; goes on at the latest "
                  + ", ".join(f"{back:.1f} s after {fault}" for fault, back in longest.items()))


def suffers(suite, scene, fault):
    """One mirror, one fault; how long it took to go on, and how much was read meanwhile."""
    image, place = scene.folder / "image", scene.folder / "place"
    place.mkdir()
    run("truncate", "-s", "48M", image)
    run("mkfs.ext4", "-q", "-F", "-m", "0", "-N", "1024", image)
    problems = []
    with contextlib.ExitStack() as mounts:
        mount(mounts, image, place, "loop,errors=remount-ro")
        data = place / "data"
        mirror = suite.started(scene.mirror(data))
        if not mirror.waits_for(scene.last):
            problems.append(f"does not come to serve: {mirror.said()}")
        readers = Readers(mirror.url, scene.upstream.files.values())
        held = mirror.snapshot().get("commit")
        with DISKS[fault](place, image) as disk:
            for _ in range(random.randint(3, 12)):
                scene.last = scene.upstream.merge(2)
                disk.fill()
                time.sleep(random.uniform(0.5, 3))
            problems += stopped(mirror, held)
            if fault == "read-only":
                readers.stop()
                mirror.end(signal.SIGKILL)
        began = time.monotonic()
        if fault == "read-only":
            mirror = suite.started(scene.mirror(data))
            readers.go_on(mirror.url)
        if not mirror.waits_for(scene.last):
            problems.append(f"does not go on: {mirror.said()}")
        back = time.monotonic() - began
        if back > BACK_SECONDS:
            problems.append(f"goes on after {back:.1f} s only: {mirror.said()}")
        time.sleep(1)
        readers.stop()
        problems += readers.wrong[:3]
        problems.append(verb(data, "--url", mirror.url)[2])
        mirror.end()
        problems.append(suite.verify(data)[2])
        suite.note(data, fault, problems)
    image.unlink()
    return back, readers.count


def stopped(mirror, held):
    """Whether it still serves what it served, and says that it cannot go on."""
    if mirror.snapshot().get("commit") != held:
        return ["a snapshot was published on a disk that takes none"]
    with urllib.request.urlopen(f"{mirror.management()}/metrics", timeout=5) as answer:
        metrics = answer.read().decode()
    failed = [line for line in metrics.splitlines()
              if line.startswith("mirror_ingest_duration_seconds_count") and 'outcome="failed"' in line]
    says = [] if failed and float(failed[0].split()[-1]) > 0 else ["no metric says that ingests fail"]
    return says + ([] if "disk" in mirror.said(None) else ["the log does not say what is wrong"])


class Readers:
    """Clients that check each byte they get."""

    def __init__(self, url, archives):
        self.count = 0
        self.wrong = []
        self.paths = ["/index.tar.gz", "/repo"]
        for body in list(archives):
            self.paths += [f"/cache/{kind}/{name[:2]}/{name}" for kind in ("md5", "sha256", "sha512")
                           for name in [hashlib.new(kind, body).hexdigest()]]
        self.go_on(url)

    def go_on(self, url):
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(url,), daemon=True) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def read(self, url):
        while not self.over.is_set():
            path = random.choice(self.paths)
            try:
                with urllib.request.urlopen(url + path, timeout=10) as answer:
                    body = answer.read()
                    named = answer.headers["ETag"].strip('"')
                kind, name = path.split("/")[2::2] if path.startswith("/cache/") else ("sha256", named)
                if hashlib.new(kind, body).hexdigest() != name:
                    self.wrong.append(f"{path} has wrong bytes")
            except (OSError, ValueError, TypeError) as broken:
                self.wrong.append(f"{path}: {broken}")
            self.count += 1
            time.sleep(0.005)

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


class Full:
    """A disk without space until this ends. What is freed meanwhile is taken too."""

    def __init__(self, place, image):
        self.place = place
        self.image = image

    def __enter__(self):
        self.fill()
        return self

    def fill(self):
        with open(self.place / "filler", "ab", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        filler.write(bytes(size))
                        os.fsync(filler.fileno())

    def __exit__(self, *exception):
        (self.place / "filler").unlink()


class NoInodes(Full):
    """A disk on which no file can be made."""

    def fill(self):
        folder = self.place / "files"
        folder.mkdir(exist_ok=True)
        try:
            for number in itertools.count(sum(1 for _ in folder.iterdir())):
                (folder / str(number)).touch()
        except OSError as none:
            if none.errno != errno.ENOSPC:
                raise

    def __exit__(self, *exception):
        for file in (self.place / "files").iterdir():
            file.unlink()


class ReadOnly(Full):
    """What ext4 makes of itself after an error. It takes a new mount to mend it, so the mirror has to end for that."""

    def __enter__(self):
        device = subprocess.run(["findmnt", "-no", "SOURCE", self.place], check=True, text=True,
                                stdout=subprocess.PIPE).stdout.strip().removeprefix("/dev/")
        with open(f"/sys/fs/ext4/{device}/trigger_fs_error", "w") as trigger:
            trigger.write("1")
        return self

    def fill(self):
        pass

    def __exit__(self, *exception):
        run("umount", self.place)
        subprocess.run(["e2fsck", "-fy", self.image], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        run("mount", "-o", "loop,errors=remount-ro", self.image, self.place)


DISKS = {"full": Full, "no inodes": NoInodes, "read-only": ReadOnly}
