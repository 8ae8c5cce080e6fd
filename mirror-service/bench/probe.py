"""Asks a mirror for a small file two hundred times a second until it is told to end by the end of its input, then prints the
latencies in milliseconds, one a line. A latency counts from when its request was to be sent.

    probe.py PORT PATH
"""

import socket
import sys
import threading
import time

INTERVAL_SECONDS = 0.005


def main():
    port, path = int(sys.argv[1]), sys.argv[2]
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    latencies = []
    with socket.create_connection(("127.0.0.1", port)) as link:
        due = time.perf_counter()
        while not over.is_set():
            time.sleep(max(0.0, due - time.perf_counter()))
            link.sendall(request)
            answer(link)
            latencies.append(time.perf_counter() - due)
            due += INTERVAL_SECONDS
    print("\n".join(f"{latency * 1000:.3f}" for latency in latencies))


def answer(link):
    """Reads one answer to its end."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += some(link)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += some(link)


def some(link):
    piece = link.recv(1 << 16)
    if not piece:
        sys.exit("the mirror closed the connection")
    return piece


if __name__ == "__main__":
    main()
