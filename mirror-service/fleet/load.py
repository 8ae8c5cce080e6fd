"""Clients that never stop and check every byte: of the fleet, through its balancer, and of each replica, past it."""

import datetime
import random
import statistics
import threading
import time
import typing

import asking

PAUSE_SECONDS = 0.01
LOOK_SECONDS = 0.05
AGAIN_SECONDS = 2  # what opam has curl wait before it tries again
SNAPSHOT = ("/index.tar.gz", "/repo")


class Failure(typing.NamedTuple):
    """A request that was not answered as it should be: when it began and ended, from which replica, if that is known, what
    happened, and what was wrong with the next try of the same request."""

    began: float
    ended: float
    path: str
    what: str
    replica: str | None
    again: str

    def __str__(self):
        begin = datetime.datetime.fromtimestamp(time.time() - time.monotonic() + self.began, datetime.timezone.utc)
        return (f"{begin:%H:%M:%S.%f} {self.path} of {self.replica or 'an unknown replica'}, after {self.ended - self.began:.3f} s: "
                f"{self.what}" + (f", and then {self.again}" if self.again else ""))


class Clients:
    """Threads that go on until it is over: each runs `what` with one of `each`."""

    def __init__(self, what, each):
        self.over = threading.Event()
        self.threads = [threading.Thread(target=what, args=(one,), daemon=True) for one in each]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


class Load(Clients):
    """So many clients of one port. Half of them keep their connection, the others make a new one for each request; some ask
    only for what has changed. `archive` gives the path of the next archive to ask for."""

    def __init__(self, port, archive, clients=8):
        self.port = port
        self.archive = archive
        self.failures = []
        self.seconds = []
        super().__init__(self.go_on, range(clients))

    def go_on(self, number):
        chance = random.Random(number)
        connection = asking.link(self.port) if number % 2 else None
        known = {}
        while not self.over.wait(PAUSE_SECONDS):
            path = chance.choice((*SNAPSHOT, self.archive(chance)))
            headers = {"If-None-Match": known[path]} if path in known and chance.random() < 0.5 else {}
            began = time.monotonic()
            what, replica, answer = self.tried(connection, path, headers)
            ended = time.monotonic()
            self.seconds.append(ended - began)
            if what:
                time.sleep(AGAIN_SECONDS)
                again, _, _ = self.tried(None, path, headers)
                self.failures.append(Failure(began, ended, path, what, replica, again))
            elif path in SNAPSHOT and answer.status == 200:
                known[path] = answer.headers["ETag"]

    def tried(self, connection, path, headers):
        """What is wrong, which replica it is from, and the answer."""
        try:
            ask, where = (asking.over, connection) if connection else (asking.once, self.port)
            answer = ask(where, path, headers=headers)
        except asking.BROKEN as broken:
            if connection:
                connection.close()  # and the next request opens it again
            return f"{type(broken).__name__} {broken}", getattr(broken, "replica", None), None
        return answer.wrong(path), answer.headers[asking.BALANCED], answer

    def requests(self):
        return len(self.seconds)

    def p99(self):
        return statistics.quantiles(self.seconds, n=100)[-1] if len(self.seconds) > 1 else 0.0


class Watchers(Clients):
    """For each replica a client that looks again and again at what it serves: that never goes back, and is nothing but what was
    published."""

    def __init__(self, replicas):
        self.trails = {one.name: [] for one in replicas}  # what each served, one after the other: a commit and an ETag
        super().__init__(self.watch, replicas)

    def watch(self, replica):
        trail = self.trails[replica.name]
        while not self.over.wait(LOOK_SECONDS):
            served = replica.served()
            if served and served != (trail[-1] if trail else None):
                trail.append(served)

    def seen(self):
        return {served for trail in self.trails.values() for served in trail}

    def versions(self):
        return sum(len(trail) for trail in self.trails.values())

    def backwards(self, upstream):
        """Where a replica went from one commit to one before it, or to one that never was."""
        steps = []
        for name, trail in self.trails.items():
            ages = [upstream.age(commit) for commit, _ in trail]
            steps += [f"{name} went from commit {before} to {after}" for before, after in zip(ages, ages[1:])
                      if before is None or after is None or after < before]
        return steps
