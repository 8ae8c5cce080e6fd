"""A Ceph cluster as small as one can be: one monitor, one OSD on a sparse file, one gateway that speaks S3; no manager, since
nobody reads its statistics. All of it is below one folder and listens on loopback only.

Who may reach loopback is trusted by the cluster itself (no cephx); the gateway wants signed requests.
"""

import contextlib
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import time
import uuid

from bucket import Bucket, settings
from processes import begun, identity, ports, tell, until

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool")
BUCKET = "mirror"
USER = "mirror"

# Pools of one copy with few placement groups, caches that fit into a small machine, and a Paxos that does not wait for more
# to propose: a start makes seven pools, and each would wait a second. What makes writes durable is left as it is.
CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{monitor}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
admin socket =
run dir = {folder}
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
keyring = {folder}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data = {folder}/mon
mon data avail warn = 1
mon data avail crit = 1
mon max pg per osd = 1000
paxos propose interval = 0.05
paxos min wait = 0.01
osd data = {folder}/osd
osd objectstore = bluestore
osd max object name len = 2048
bluestore block create = true
bluestore block size = {size}
bluestore cache autotune = false
bluestore cache size = 33554432
osd memory target = 939524096
osd op num shards = 2
osd op num threads per shard = 2
osd max pg log entries = 500
rgw data = {folder}/gateway
rgw frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw thread pool size = 64
rgw override bucket index max shards = 1
rgw dynamic resharding = false
rgw enable quota threads = false
rgw cache lru size = 1000
"""
SIZE = 20 << 30


def missing():
    """Which of its programs are not here."""
    return [name for name in PROGRAMS if not shutil.which(name)]


class Cluster:
    """The cluster below a folder. Its processes outlive this program unless it stops them."""

    def __init__(self, folder):
        self.folder = folder.absolute()
        self.configuration = self.folder / "ceph.conf"
        self.told = self.folder / "s3.env"

    def start(self, port=None):
        if missing():
            raise SystemExit(f"not here: {', '.join(missing())}")
        if self.configuration.exists():
            raise SystemExit(f"{self.folder} holds a cluster already")
        for name in ("mon", "osd", "gateway"):
            (self.folder / name).mkdir(parents=True)
        monitor, free = ports(2)
        fsid = str(uuid.uuid4())
        port = port or free
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder, fsid=fsid, monitor=monitor, port=port, size=SIZE))
        key, secret = secrets.token_hex(10), secrets.token_hex(20)
        self.begin_storage(monitor, fsid)
        self.run("radosgw-admin", "user", "create", "--uid", USER, "--display-name", USER, "--access-key", key, "--secret",
                 secret)
        told = {"S3_ENDPOINT": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
                "BUCKET": BUCKET}
        descriptor = os.open(self.told, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in told.items())
        self.gateway_start()
        Bucket(told).make()

    def begin_storage(self, monitor, fsid):
        self.run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{monitor}]", self.folder / "monmap")
        self.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", self.folder / "monmap")
        self.begin("mon", "ceph-mon", "-i", "a")
        osd = str(uuid.uuid4())
        self.run("ceph", "--connect-timeout", "30", "osd", "new", osd)
        self.run("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", osd)
        self.begin("osd", "ceph-osd", "-i", "0")

    def gateway_start(self):
        """The gateway, once it answers."""
        self.begin("gateway", "radosgw", "-n", "client.gateway")
        until(self.answers, f"the gateway answers, see {self.folder}", pause=0.1)

    def gateway_stop(self):
        self.end("gateway")

    def gateway_pause(self):
        """From now on it takes requests and does not answer them."""
        self.tell("gateway", signal.SIGSTOP)

    def gateway_resume(self):
        self.tell("gateway", signal.SIGCONT)

    def stop(self):
        for name in ("gateway", "osd", "mon"):
            self.end(name)

    def answers(self):
        if not self.pid("gateway"):
            raise SystemExit(f"the gateway has ended, see {self.folder}")
        link = http.client.HTTPConnection(settings(self.told)["S3_ENDPOINT"].removeprefix("http://"), timeout=5)
        with contextlib.closing(link), contextlib.suppress(OSError, http.client.HTTPException):
            link.request("GET", "/")
            return link.getresponse().status == 200
        return False

    def run(self, *words):
        with open(self.folder / "start.log", "ab") as log:
            run = subprocess.run([words[0], "-c", self.configuration, *words[1:]] if words[0] != "monmaptool" else words,
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if run.returncode:
            raise SystemExit(f"{' '.join(map(str, words))} failed, see {log.name}")

    def begin(self, name, *words):
        process = begun([words[0], "-f", "-c", self.configuration, *words[1:]], self.folder / f"{name}.out", cwd=self.folder)
        (self.folder / f"{name}.pid").write_text(identity(process.pid) or "")

    def pid(self, name):
        """The number of this process, or nothing if it does not run."""
        file = self.folder / f"{name}.pid"
        known = file.read_text() if file.exists() else ""
        pid = known.partition(" ")[0]
        return int(pid) if pid and identity(pid) == known else None

    def tell(self, name, how):
        if pid := self.pid(name):
            tell(pid, how)

    def end(self, name):
        """SIGTERM, and SIGKILL to what has not ended after a while; a paused gateway hears the second only."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            self.tell(name, how)
            deadline = time.monotonic() + 10
            while self.pid(name) and time.monotonic() < deadline:
                time.sleep(0.05)
        (self.folder / f"{name}.pid").unlink(missing_ok=True)
