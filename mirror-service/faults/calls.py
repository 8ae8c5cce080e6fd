"""A mirror that is killed, or fails, at each call that touches its data directory (strace)."""

import collections
import contextlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

# What changes files, and what reads them. A call beside these that touches the data directory is a gap, and told.
CHANGES = ("mkdir", "write", "pwrite64", "fsync", "fdatasync", "rename", "symlink", "unlink", "rmdir")
READS = ("openat", "read", "pread64", "getdents64")
HARMLESS = ("access", "close", "dup", "execve", "fcntl", "fstat", "lseek", "lstat", "newfstatat", "readlink", "stat",
            "statfs", "statx")
FULL = ("mkdir", "write", "pwrite64", "fsync", "fdatasync", "rename", "symlink", "creat")
MOST = 40
CALL = re.compile(r"(\d+) +(\w+)\((.*)")
PATH = re.compile(r'\d+<([^>]+)>|[^",]*,? ?"([^"]+)"')


def calls(suite, short):
    """One run for each call and place, one for each kind of call and number from when the mirror serves."""
    if not shutil.which("strace"):
        raise SystemExit("there is no strace")
    places = traced(suite)
    cases = list(cases_of(places))
    missed = collections.Counter()
    suite.each(cases[::max(1, len(cases) // 8)] if short else cases, lambda case: at_place(suite, missed, *case))
    suite.each((("write",) if short else ("openat", *CHANGES)), lambda call: in_turn(suite, call, 4 if short else MOST))
    suite.summary(f"; {missed.total()} calls did not come: {', '.join(sorted(missed)) or 'none'}")


def traced(suite):
    """How often a thread touches which place by each call when nothing breaks, but for packs: their names are random."""
    data = suite.scene.data()
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        mirror = suite.scene.mirror(data, "strace", "-f", "-y", "-qq", "--seccomp-bpf", "-o", log.name, "-e",
                                    "trace=%file,%desc").started()
        if not mirror.waits_for(suite.scene.last):
            raise SystemExit(f"the mirror cannot be traced: {mirror.said()}")
        time.sleep(1)  # the packs are made one when there is nothing else to do
        mirror.end()
        lines = log.read().replace(str(data), "DATA").splitlines()
    shutil.rmtree(data)
    places = collections.Counter()
    unknown = set()
    for thread, call, words in (match.groups() for match in map(CALL.match, lines) if match):
        if "DATA" not in words or call in HARMLESS:
            continue
        if call not in CHANGES + READS:
            unknown.add(call)
        match = PATH.match(words)
        path = words.split('"')[3] if call == "symlink" else match[1] or match[2] if match else ""
        if path.startswith("DATA") and "/pack-" not in path:
            creates = call == "openat" and "O_CREAT" in words
            places["creat" if creates else call, path.removeprefix("DATA").lstrip("/"), thread] += 1
    suite.note(data, "the trace", [f"calls that this suite does not know: {' '.join(sorted(unknown))}" if unknown else ""])
    return {place[:2]: max(count for other, count in places.items() if other[:2] == place[:2]) for place in places}


def cases_of(places):
    """A call that reads is not worth a kill: nothing has changed since the one before."""
    for (call, path), count in sorted(places.items()):
        for number in sorted({1, count} if call in READS else {1, (count + 1) // 2, count}):
            if call not in READS:
                yield call, path, number, "signal=KILL"
            yield call, path, number, "error=EIO"
            if call in FULL:
                yield call, path, number, "error=ENOSPC"


def at_place(suite, missed, call, path, number, what):
    """Breaks the call of this number in this place."""
    data = suite.scene.data()
    name = "openat" if call == "creat" else call
    kills = what == "signal=KILL"
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        # With --seccomp-bpf strace 6.1 gives errors, but no signals.
        mirror = suite.scene.mirror(
            data, "strace", "-f", "-qq", *([] if kills else ["--seccomp-bpf"]), "-o", log.name, "-P", data / path, "-e",
            f"trace={name}", "-e", f"inject={name}:{what}:when={number}").started()
        whole = mirror.waits_for(suite.scene.last)
        dead = not mirror.runs()
        recovers = whole or dead and (kills or not mirror.url)  # one that cannot start says so and ends
        hit = dead if kills else "(INJECTED)" in log.read()
        suite.note(data, f"{what} at {call} {number} of {path}", ["" if recovers else f"does not recover: {mirror.said()}"])
        mirror.end(signal.SIGKILL)
    if not hit:
        missed[f"{call} of {path}"] += 1
    suite.count()
    suite.look(suite.scene, data, f"{what} at {call} {number} of {path}")


def in_turn(suite, call, most):
    """Kills at the first call of this kind from when it serves, the second and so on, packs too, until none comes any more."""
    for number in range(1, most + 1):
        data = suite.scene.data()
        mirror = suite.started(suite.scene.mirror(data))
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(mirror.process.pid), "-e", f"trace={call}", "-e",
             f"inject={call}:signal=KILL:when={number}"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        mirror.waits_for(suite.scene.last)
        with contextlib.suppress(subprocess.TimeoutExpired):
            mirror.process.wait(1)  # the packs are made one when there is nothing else to do
        survived = mirror.runs()
        mirror.end(signal.SIGKILL)
        tracer.wait()
        suite.count()
        suite.look(suite.scene, data, f"killed at {call} {number}")
        if survived:
            return
