"""A fleet: an upstream, a bucket, replicas that share it, a balancer in front of them; and what is asked of the whole of them."""

import contextlib
import pathlib
import secrets
import shutil
import tempfile
import threading

import history
from balancer import Balancer
from bucket import Bucket, environment, settings
from cluster import Cluster
from load import Load, Watchers
from processes import PATIENCE_SECONDS, ports, until
from replica import Replica
from traps import Traps
from upstream import Upstream

REPLICAS = 3
PACKAGES = 400
POLL_SECONDS = 1
POPULAR = 60  # archives that most requests are for
CACHE = "512MiB"


class Report:
    """Tells each figure in a line, and remembers whether a promise was broken."""

    def __init__(self):
        self.broken = False
        self.details = []

    def say(self, what, problems=None):
        """A figure; with the problems found, if any were looked for."""
        told = list(problems or ())
        verdict = "" if problems is None else f": BROKEN: {told[0]}, and {len(told) - 1} more" if told else ": held"
        self.broken |= bool(told)
        self.details += [f"{what}: {one}" for one in told]
        print(f"{what}{verdict}", flush=True)


class Fleet:
    """Replicas that serve. It ends all that it started when its block is left."""

    def __init__(self, place, cluster, report):
        self.place = place
        self.cluster = cluster
        self.report = report
        told = settings(cluster.told)
        self.bucket = Bucket(told)
        self.upstream = Upstream(place, PACKAGES)
        self.environment = environment(told)
        self.prefix = f"fleet-{secrets.token_hex(4)}"  # several may share a cluster
        self.endpoint = told["S3_ENDPOINT"]
        self.store = ("--object-store", f"s3://{told['BUCKET']}/{self.prefix}")
        self.replicas = [self.replica(f"replica-{number}") for number in range(1, REPLICAS + 1)]
        self.balancer = Balancer(place, ports(1)[0], self.replicas)

    def replica(self, name):
        more = ("--poll", f"{POLL_SECONDS}s", "--log-poll", f"{POLL_SECONDS}s", "--allow-upstream", "127.0.0.0/8",
                "--archive-cache", f"{self.place / f'{name}-cache'},{CACHE}", *self.store)
        return Replica(name, self.place, ports(2), self.upstream.git, self.endpoint, more, self.environment)

    def __enter__(self):
        with contextlib.ExitStack() as started:
            for replica in self.replicas:
                started.callback(replica.kill)
            self.start()
            started.callback(self.balancer.end)
            self.balancer.start()
            self.settle()
            self.started = started.pop_all()
        return self

    def __exit__(self, *_):
        self.started.close()

    def start(self):
        for replica in self.replicas:
            replica.start()
        for replica in self.replicas:
            replica.wait_ready()

    @contextlib.contextmanager
    def trapped(self):
        """Meanwhile all that replicas tell the store passes traps."""
        traps = Traps(self.replicas, self.bucket.host)
        try:
            self.restart(traps.endpoints())
            yield traps
        finally:
            traps.close()
        self.restart([self.endpoint] * len(self.replicas))

    def restart(self, endpoints):
        together([replica.end for replica in self.replicas])
        for replica, endpoint in zip(self.replicas, endpoints):
            replica.endpoint = endpoint
        self.start()

    def served(self):
        return {replica.served() for replica in self.replicas}

    def settled(self):
        """Whether all replicas serve the same bytes, of the newest commit."""
        served = self.served()
        return len(served) == 1 and None not in served and served.pop()[0] == self.upstream.head()

    def settle(self, patience=PATIENCE_SECONDS):
        return until(self.settled, f"all replicas serve the commit {self.upstream.head()}", patience)

    def sync(self, replicas=None):
        """Has these replicas, or all, look at the remote at the same moment."""
        together([replica.sync for replica in replicas or self.replicas])

    def load(self, archive=None):
        return Load(self.balancer.port, archive or self.some_archive)

    def some_archive(self, chance):
        """Mostly what others have asked for, and now and then what nobody has."""
        known = self.upstream.archives
        return chance.choice(known[:POPULAR] if chance.random() < 0.9 else known[:PACKAGES]).path

    def watchers(self):
        return Watchers(self.replicas)

    def judge(self, name, watchers):
        """The log in the bucket, and what was seen of each replica."""
        entries = history.read(self.bucket, self.prefix)
        self.report.say(f"{name}: {len(entries)} publications in the log, without gap, fork or step back",
                        history.wrong(entries, self.upstream, watchers.seen()))
        self.report.say(f"{name}: the bytes of the newest ones are in the bucket",
                        history.objects(self.bucket, self.prefix, entries))
        self.report.say(f"{name}: {watchers.versions()} versions seen through {len(self.replicas)} replicas, none back",
                        watchers.backwards(self.upstream))
        return entries


def together(calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextlib.contextmanager
def workplace(report):
    """A folder for all of it; what its programs said is kept if something is not as it should be."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="fleet-"))
    whole = False
    try:
        yield place
        whole = not report.broken
    finally:
        if not whole:
            kept = pathlib.Path(tempfile.mkdtemp(prefix="fleet-", dir="/var/tmp"))
            (place / "problems.log").write_text("".join(f"{one}\n" for one in report.details))
            for log in place.glob("*.log"):
                shutil.copy(log, kept)
            print(f"what the programs said: {kept}", flush=True)
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def some_cluster(folder, place):
    """The cluster that runs below a folder, or one of our own."""
    if folder:
        yield Cluster(folder)
        return
    cluster = Cluster(place / "ceph")
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
