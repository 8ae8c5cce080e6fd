"""HAProxy in front of the replicas, as one would run it: it asks their readiness, and hands a request whose connection fails to
another replica. What a replica has begun to answer it does not try again: that is for the client."""

import shutil
import signal

import asking
from processes import begun, tell, until

CONFIGURATION = """\
global
    maxconn 5000
    nbthread 1

defaults
    mode http
    timeout connect 1s
    timeout check 400ms
    timeout queue 5s
    timeout client 90s
    timeout server 90s
    retries 3
    option redispatch 1

frontend clients
    bind 127.0.0.1:{port}
    default_backend replicas
    http-after-response set-header {header} %[srv_name]

backend replicas
    balance roundrobin
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 200ms fall 1 rise 1
"""


def program():
    """It is in a folder that only root has on the path."""
    return shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")


class Balancer:
    """Sends clients of one port to replicas that are ready."""

    def __init__(self, place, port, replicas):
        self.port = port
        self.configuration = place / "haproxy.cfg"
        self.log = place / "haproxy.log"
        servers = "".join(f"    server {one.name} 127.0.0.1:{one.port} check port {one.management}\n" for one in replicas)
        self.configuration.write_text(CONFIGURATION.format(header=asking.BALANCED, port=port) + servers)

    def start(self):
        self.process = begun([program(), "-db", "-f", self.configuration], self.log)
        until(self.answers, "HAProxy serves")

    def answers(self):
        if self.process.poll() is not None:
            raise SystemExit(f"HAProxy has ended: {self.log.read_text()}")
        try:
            return asking.once(self.port, "/repo").status == 200
        except asking.BROKEN:
            return False

    def end(self):
        tell(self.process.pid, signal.SIGKILL)
        self.process.wait()
