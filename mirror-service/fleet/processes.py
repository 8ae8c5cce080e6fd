"""Processes that a suite starts, and the ports they listen on."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.02
EPHEMERAL = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")


def ports(count):
    """Free ports below those that the kernel gives to clients: one of those could be taken while its server restarts."""
    end = int(EPHEMERAL.read_text().split()[0])
    found = []
    while len(found) < count:
        port = random.randrange(end // 3, end)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            if port not in found:
                found.append(port)
    return found


def begun(words, log, **options):
    """A process in a session of its own, so that an interrupt of the suite does not reach it; what it says is added to a file."""
    with open(log, "ab") as said:
        return subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
                                **options)


def until(condition, what, patience=PATIENCE_SECONDS, pause=PAUSE_SECONDS):
    """Waits; how long it took."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > patience:
            raise SystemExit(f"after {patience} s still not: {what}")
        time.sleep(pause)
    return time.monotonic() - began


def end_as_usual():
    """Lets what asks this program to end unwind it, so that it takes along what it has started."""
    def ended(number, _):
        raise SystemExit(128 + number)

    for ends in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(ends, ended)


def identity(pid):
    """What no later process with the same number shares with this one: when it began. Nothing if it has ended."""
    with contextlib.suppress(OSError):
        state, *fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        return None if state == "Z" else f"{pid} {fields[18]}"


def tell(pid, how):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
