"""Stands between replicas and the gateway, and stops a replica at the very call that publishes: a random moment seldom hits it.

A request that is caught on its way waits as long as the replica is stopped and arrives then, as from a writer that does not know
how late it is; one that has passed was done, and its replica learns of it late.
"""

import contextlib
import socket
import threading

from processes import PATIENCE_SECONDS

PIECE = 1 << 16


class Traps:
    """One way to the gateway for each replica. At most one trap is set, for whoever comes first."""

    def __init__(self, replicas, gateway):
        host, port = gateway.split(":")
        self.gateway = host, int(port)
        self.lock = threading.Lock()
        self.waits_for = None
        self.caught = threading.Event()
        self.let_go = threading.Event()
        self.replica = None
        self.listeners = [socket.create_server(("127.0.0.1", 0), backlog=100) for _ in replicas]
        for replica, listener in zip(replicas, self.listeners):
            threading.Thread(target=self.listen, args=(replica, listener), daemon=True).start()

    def endpoints(self):
        return [f"http://127.0.0.1:{listener.getsockname()[1]}" for listener in self.listeners]

    def set(self, place, passes):
        """The next object that is put below this place stops its replica: before it arrives, or when it has passed."""
        self.caught.clear()
        self.let_go.clear()
        with self.lock:
            self.waits_for = b"PUT ", f"/{place}/".encode(), passes

    def release(self):
        """The replica that was caught goes on; the trap is gone."""
        with self.lock:
            self.waits_for = None
            replica, self.replica = self.replica, None
        if replica:
            replica.resume()
        self.let_go.set()

    def close(self):
        self.release()
        for listener in self.listeners:
            listener.close()

    def listen(self, replica, listener):
        with contextlib.suppress(OSError):  # closed
            while True:
                mine, _ = listener.accept()
                threading.Thread(target=self.carry, args=(replica, mine), daemon=True).start()

    def carry(self, replica, mine):
        try:
            theirs = socket.create_connection(self.gateway)
        except OSError:
            mine.close()
            return
        threading.Thread(target=pump, args=(theirs, mine), daemon=True).start()
        pump(mine, theirs, lambda piece: self.pass_on(replica, piece, theirs))

    def pass_on(self, replica, piece, theirs):
        """Sends on what a replica says. A request is known by its beginning, since clients of S3 send one at a time."""
        with self.lock:
            meant = self.waits_for and piece.startswith(self.waits_for[0]) and self.waits_for[1] in piece.partition(b"\r\n")[0]
            if meant:
                passes = self.waits_for[2]
                self.waits_for, self.replica = None, replica
                replica.pause()
        if meant:
            self.caught.set()
            if not passes:
                self.let_go.wait(10 * PATIENCE_SECONDS)
        theirs.sendall(piece)


def pump(source, sink, send=None):
    """Carries bytes one way until an end is closed, and closes both."""
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            (send or sink.sendall)(piece)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
