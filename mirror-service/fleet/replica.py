"""One replica as a process that comes and goes, with its own data directory and ports that stay."""

import os
import pathlib
import shutil
import signal
import subprocess
import time

import asking
from processes import PATIENCE_SECONDS, begun, tell, until

JAR = pathlib.Path(__file__).resolve().parent.parent / "target/mirror-service.jar"
JAVA = (os.environ.get("JAVA", "java"), "-XX:+UseSerialGC", "-Xmx96m")


class Replica:
    """Serves one upstream from one store, to which its endpoint leads. `more` are further words of its command line."""

    def __init__(self, name, place, ports, remote, endpoint, more, environment):
        self.name = name
        self.data = place / name
        self.log = place / f"{name}.log"
        self.port, self.management = ports
        self.endpoint = endpoint
        self.words = [*JAVA, "-jar", JAR, "--remote", remote, "--host", "127.0.0.1", "--port", self.port, "--management-port",
                      self.management, "--data", self.data, *more]
        self.environment = environment
        self.process = None

    def start(self):
        self.process = begun([*self.words, "--s3-endpoint", self.endpoint], self.log, env=self.environment)

    def ready(self):
        """Whether it can be given clients. One that has died never will."""
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} has ended with status {self.process.returncode}: {self.said()}")
        try:
            return asking.once(self.management, "/readyz", patience=2).status == 200
        except asking.BROKEN:
            return False

    def wait_ready(self):
        return until(self.ready, f"{self.name} is ready", PATIENCE_SECONDS)

    def end(self):
        """Asks it to end; its exit status, and how long that took."""
        began = time.monotonic()
        self.tell(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_SECONDS), time.monotonic() - began
        except subprocess.TimeoutExpired:
            self.kill()
            raise SystemExit(f"{self.name} does not end: {self.said()}") from None

    def kill(self):
        """Without warning. Nothing happens to one that is not there."""
        if self.process:
            self.tell(signal.SIGKILL)
            self.process.wait()

    def pause(self):
        self.tell(signal.SIGSTOP)

    def resume(self):
        self.tell(signal.SIGCONT)

    def tell(self, how):
        if self.process.poll() is None:
            tell(self.process.pid, how)

    def lose_everything(self):
        shutil.rmtree(self.data, ignore_errors=True)

    def sync(self):
        """Has it look at its remote now. One that is paused or dead does not hear it."""
        try:
            asking.once(self.management, "/sync", "POST", patience=1)
        except asking.BROKEN:
            pass

    def served(self, path="/index.tar.gz"):
        """The commit and the ETag that it serves; nothing if it does not answer."""
        try:
            answer = asking.once(self.port, path, "HEAD", patience=5)
        except asking.BROKEN:
            return None
        return (answer.commit(), answer.etag()) if answer.status == 200 else None

    def owns(self, port):
        """Whether a connection from this port is its own."""
        lines = [line for file in ("tcp", "tcp6") for line in pathlib.Path("/proc/net", file).read_text().splitlines()[1:]]
        sockets = {f"socket:[{fields[9]}]" for fields in map(str.split, lines) if fields[1].endswith(f":{port:04X}")}
        descriptors = pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()
        return not sockets.isdisjoint(os.readlink(one) for one in descriptors)

    def said(self):
        return self.log.read_text(errors="replace")[-1500:]
