"""What clients of a fleet feel while replicas come and go, the store is away, or many want one archive."""

import random
import re
import selectors
import socket
import threading
import time

import asking
from load import AGAIN_SECONDS
from processes import until

KILLED_SECONDS = 0.1  # what began so shortly after a kill may have been sent to a replica that looked alive
FETCH_SECONDS = 2  # of a herd's archive
PIECE = 1 << 18


def roll(fleet, options):
    """Restarts all replicas, one after the other, and again, under load."""
    failures, longest, back = [], 0.0, 0.0
    with fleet.load() as load:
        for _ in range(options.rounds):
            for replica in fleet.replicas:
                status, seconds = replica.end()
                longest = max(longest, seconds)
                failures += [] if status == 0 else [f"{replica.name} ended with status {status}"]
                replica.start()
                back = max(back, replica.wait_ready())
    fleet.report.say(f"roll: {options.rounds * len(fleet.replicas)} restarts, at most {longest:.1f} s to end and {back:.1f} s to "
                     "be ready, all with status 0", failures)
    fleet.report.say(f"roll: {len(load.failures)} of {load.requests()} requests failed, p99 {load.p99() * 1000:.0f} ms",
                     load.failures)


def kill(fleet, options):
    """Kills replicas under load. What a replica had begun to answer may fail; nothing else."""
    chance = random.Random(options.seed)
    kills = []
    with fleet.load() as load:
        for _ in range(options.rounds):
            # What has failed is tried again after a while: the next kill must not hit that too.
            time.sleep(AGAIN_SECONDS + chance.uniform(0.2, 1))
            replica = chance.choice(fleet.replicas)
            kills.append((time.monotonic(), replica.name))
            replica.kill()
            replica.start()
            replica.wait_ready()
        time.sleep(1)
    others = [failure for failure in load.failures if not any(in_flight(failure, *one) for one in kills)]
    fleet.report.say(f"kill: {len(kills)} kills, {len(load.failures)} of {load.requests()} requests failed, all of them in "
                     f"flight on the killed replica, p99 {load.p99() * 1000:.0f} ms", others)
    fleet.report.say("kill: the next try of each succeeded", [failure for failure in load.failures if failure.again])


def in_flight(failure, killed, name):
    return failure.began < killed + KILLED_SECONDS and failure.ended > killed and failure.replica in (None, "", name)


def outage(fleet, options):
    """Takes the store away under load, in both ways a store can be away: it refuses connections, or takes them and is silent."""
    held = [archive.path for archive in fleet.upstream.archives[:options.archives]]
    warm(fleet, held)
    ways = {"refuses": (fleet.cluster.gateway_stop, fleet.cluster.gateway_start),
            "is silent": (fleet.cluster.gateway_pause, fleet.cluster.gateway_resume)}
    for way, (away, back) in ways.items():
        name = f"outage: the store {way} for {options.seconds} s"
        with fleet.load(lambda chance: chance.choice(held)) as load:
            away()
            try:
                time.sleep(options.seconds / 2)
                fleet.upstream.merge()
                fleet.sync()
                time.sleep(options.seconds / 2)
                ready = [f"{one.name} is not ready" for one in fleet.replicas if not one.ready()]
            finally:
                back()
            failures = list(load.failures)
            seconds = fleet.settle()
        fleet.report.say(f"{name}: {len(failures)} of {load.requests()} requests failed, p99 {load.p99() * 1000:.0f} ms",
                         failures)
        fleet.report.say(f"{name}: the replicas are ready all the same", ready)
        fleet.report.say(f"{name}: a merge made meanwhile was served by all {seconds:.1f} s after it came back")


def warm(fleet, paths):
    """Asks each replica for each archive until it has it itself, which the second time says."""
    def problems(replica):
        return [path for path in paths if asking.once(replica.port, path).wrong(path)]

    for replica in fleet.replicas:
        until(lambda: not problems(replica), f"{replica.name} has its archives")


def herd(fleet, options):
    """Many clients of all replicas at once on one archive that none of them has; and once more, with a death half-way."""
    origin = fleet.upstream.origin
    origin.rate = options.size / FETCH_SECONDS
    try:
        besiege(fleet, options, 1)
        besiege(fleet, options, len(fleet.replicas), kill_who_fetches)
    finally:
        origin.rate = 0


def besiege(fleet, options, most, halfway=None):
    archive = fleet.upstream.merge(size=options.size)
    fleet.sync()
    fleet.settle()
    killed = []
    trouble = threading.Timer(FETCH_SECONDS / 2, lambda: killed.append(halfway(fleet, archive)) if halfway else None)
    trouble.start()
    readers, seconds = at_once(fleet.balancer.port, archive, options.clients)
    trouble.join()
    for replica in killed:
        replica.start()
        replica.wait_ready()
    asked = len(fleet.upstream.origin.askers[archive.origin])
    names = [replica.name for replica in killed]
    name = f"herd: {options.clients} clients on {options.size >> 20} MiB{''.join(f', {one} killed half-way' for one in names)}"
    broken = [reader for reader in readers if not reader.whole() and reader.replica() not in names]
    fleet.report.say(f"{name}: {asked} requests to the origin, {most} at most", [f"{asked}"] * (not 1 <= asked <= most))
    whole = sum(map(Reader.whole, readers))
    fleet.report.say(f"{name}: {whole} had all of it{', all others were clients of that one' * bool(names)}, {seconds:.1f} s",
                     [f"{reader.replica()}: {reader.head[:60]}" for reader in broken])


def kill_who_fetches(fleet, archive):
    port = fleet.upstream.origin.askers[archive.origin][0]
    replica = next(one for one in fleet.replicas if one.owns(port))
    replica.kill()
    return replica


def at_once(port, archive, clients):
    """What each of so many clients got, and how long that took."""
    request = f"GET {archive.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    selector = selectors.DefaultSelector()
    readers = [Reader(archive.body) for _ in range(clients)]
    began = time.monotonic()
    for reader in readers:
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(request)
        selector.register(client, selectors.EVENT_READ, reader)
    while selector.get_map():
        for key, _ in selector.select():
            try:
                piece = key.fileobj.recv(PIECE)
            except ConnectionError:
                piece = b""
            key.data.take(piece)
            if not piece:
                selector.unregister(key.fileobj)
                key.fileobj.close()
    return readers, time.monotonic() - began


class Reader:
    """Compares an answer with what it should be while it comes, so that hundreds of them need no room."""

    def __init__(self, body):
        self.body = body
        self.head = b""
        self.at = None  # how much of the body was right; nothing before it begins

    def take(self, piece):
        if self.at is None:
            head, end, piece = (self.head + piece).partition(b"\r\n\r\n")
            self.head = head + end
            self.at = 0 if end else None
        if self.at is not None and self.body.startswith(piece, self.at):
            self.at += len(piece)
        elif piece:
            self.body = b""

    def whole(self):
        return self.head.startswith(b"HTTP/1.1 200") and self.at == len(self.body) > 0

    def replica(self):
        """Which it is from, by what the balancer says."""
        name = re.search(rb"(?i)\r\n" + asking.BALANCED.encode() + rb": *(\S*)\r", self.head)
        return name[1].decode() if name else None
