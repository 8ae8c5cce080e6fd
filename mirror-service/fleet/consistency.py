"""What replicas agree on, whoever of them is stopped, killed or late."""

import random
import subprocess
import time

from processes import PATIENCE_SECONDS, until
from replica import JAR, JAVA
from scene import POLL_SECONDS

PLACES = ("objects", "snapshots")  # what is put by a publication, in the order in which it is
VERIFY_SECONDS = 300
FAULTS = {"kills": 3, "pauses": 3, "restarts": 2, "store restarts": 1, "store pauses": 1, "merges": 6}  # and how often


def merge(fleet, options):
    """How long it takes from a merge, told to one replica, until all serve it."""
    chance = random.Random(options.seed)
    goal = 2 * POLL_SECONDS
    seconds = []
    for _ in range(options.rounds):
        time.sleep(chance.uniform(0, POLL_SECONDS))  # so that it is no matter when the followers look
        fleet.upstream.merge()
        began = time.monotonic()
        chance.choice(fleet.replicas).sync()
        until(fleet.settled, "all replicas serve a merge", pause=0.005)
        seconds.append(time.monotonic() - began)
    seconds.sort()
    fleet.report.say(f"merge: {len(seconds)} merges served by all after {seconds[len(seconds) // 2]:.2f} s (median), "
                     f"{seconds[-1]:.2f} s (worst), {goal} s at most", [f"{one:.2f} s" for one in seconds if one > goal])


def cold(fleet, _):
    """A replica that has no data, and whose remote is away, serves from the store alone."""
    fleet.settle()
    replica = fleet.replica("cold")
    with fleet.upstream.away():
        replica.start()
        try:
            seconds = replica.wait_ready()
            served = replica.served()
        finally:
            replica.kill()
    fleet.report.say(f"cold: ready {seconds:.1f} s after it was started, with what the others serve",
                     [] if {served} == fleet.served() else [f"it serves {served}"])


def publishers(fleet, options):
    """All replicas publish at once, and the one that is first is stopped at a call that does so, while the others go on."""
    chance = random.Random(options.seed)
    latest, late, overtaken = 0.0, [], 0
    with fleet.trapped() as traps, fleet.watchers() as watchers:
        for number in range(options.rounds):
            traps.set(chance.choice(PLACES), chance.random() < 0.5)
            fleet.upstream.merge()
            fleet.sync()
            if not traps.caught.wait(PATIENCE_SECONDS):
                late.append(f"nobody published in round {number}")
                continue
            others = [replica for replica in fleet.replicas if replica is not traps.replica]
            fleet.upstream.merge()
            fleet.sync(others)
            time.sleep(options.pause)
            overtaken += fleet.upstream.head() in {served[0] for one in others if (served := one.served())}
            traps.release()
            latest = max(latest, fleet.settle())
    fleet.report.say(f"publishers: {options.rounds} times who publishes was stopped for {options.pause:g} s, {overtaken} times "
                     f"others published meanwhile; all serve the same {latest:.1f} s after it goes on, at the latest", late)
    entries = fleet.judge("publishers", watchers)
    fleet.report.say(f"publishers: published by {len({entry.headers.get('replica') for entry in entries})} replicas")


def random_faults(fleet, options):
    """Everything at random, for some minutes; then all is made well, has to come to rest, and is verified."""
    chance = random.Random(options.seed)
    end = time.monotonic() + options.minutes * 60
    faults = Faults(fleet, chance)
    with fleet.watchers() as watchers, fleet.load() as load:
        while time.monotonic() < end:
            faults.one()
            faults.mend(time.monotonic())
            time.sleep(chance.uniform(0.05, 0.5))
        faults.mend()
        seconds = fleet.settle()
    fleet.report.say(f"random: seed {options.seed}, {faults}; all serve the same {seconds:.1f} s after the last is mended",
                     faults.wrong)
    fleet.report.say(f"random: {len(load.failures)} of {load.requests()} requests failed, none had a wrong byte",
                     [failure for failure in load.failures if "WRONG" in failure.what + failure.again])
    fleet.judge("random", watchers)
    for replica in fleet.replicas:
        status, _ = replica.end()
        fleet.report.say(f"random: {replica.name} ends with status {status}", [f"status {status}"] * (status != 0))
        fleet.report.say(f"random: verify after {replica.name}", verified(fleet, replica))


class Faults:
    """Breaks one thing after the other, each for a while; never the same twice at once."""

    def __init__(self, fleet, chance):
        self.fleet = fleet
        self.chance = chance
        self.pending = {}  # what is broken: when it is to be mended, and how
        self.counts = {}
        self.wrong = []

    def one(self):
        """One more, if what it would break is whole."""
        gateway, replica = self.fleet.cluster, self.chance.choice(self.fleet.replicas)
        name = self.chance.choices(list(FAULTS), FAULTS.values())[0]
        seconds = self.chance.uniform(0, 3)
        if name == "merges":
            self.fleet.upstream.merge(self.chance.randint(1, 3))
            self.fleet.sync([one for one in self.fleet.replicas if self.chance.random() < 0.5])
        elif name.startswith("store"):
            if gateway in self.pending:
                return
            if name == "store restarts":
                self.breaks(gateway, seconds, gateway.gateway_stop, gateway.gateway_start)
            else:
                self.breaks(gateway, seconds, gateway.gateway_pause, gateway.gateway_resume)
        else:
            if replica in self.pending or not replica.ready():
                return
            if name == "pauses":
                self.breaks(replica, seconds, replica.pause, replica.resume)
            else:
                self.breaks(replica, seconds, replica.kill if name == "kills" else lambda: self.end(replica), replica.start)
        self.counts[name] = self.counts.get(name, 0) + 1

    def end(self, replica):
        status, _ = replica.end()
        self.wrong += [f"{replica.name} ended with status {status}"] * (status != 0)

    def breaks(self, what, seconds, how, mended):
        how()
        self.pending[what] = time.monotonic() + seconds, mended

    def mend(self, now=float("inf")):
        """What is due, or all."""
        for what, (due, mended) in list(self.pending.items()):
            if due <= now:
                del self.pending[what]
                mended()

    def __str__(self):
        return ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))


def verified(fleet, replica):
    """What the verb `verify` finds broken in the bucket and this data directory."""
    run = subprocess.run([*JAVA, "-jar", JAR, "verify", "--data", replica.data, *fleet.store,
                          "--s3-endpoint", fleet.endpoint], text=True, env=fleet.environment,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=VERIFY_SECONDS)
    return [] if run.returncode == 0 else [f"status {run.returncode}: {run.stdout[-800:]}"]
