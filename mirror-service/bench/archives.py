"""What the benchmarks of archives share: a repository of packages whose archives a local web server holds."""

import hashlib
import os
import pathlib
import random
import subprocess

import harness

CONFIGURATION = """
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{root}"
server.errorlog = "{root}/../origin.log"
accesslog.filename = "{root}/../access.log"
server.modules = ("mod_accesslog")
connection.kbytes-per-second = {rate}
"""

OPAM = """opam-version: "2.0"
synopsis: "package {name}"
url {{
  src: "{url}"
  checksum: ["{checksum}"]
}}
"""


class Origin:
    """Archives behind lighttpd, and a Git repository of opam files that name them."""

    def __init__(self, place, sizes, rate=0):
        """Nothing is committed yet; the rate of a connection is in KiB a second, 0 for no limit."""
        self.rate = rate
        self.root = place / "origin"
        self.root.mkdir(parents=True)
        self.access = place / "access.log"
        self.port = harness.free_port()
        self.names = []
        self.repository = place / "tree"
        generator = random.Random(1)
        for number, size in enumerate(sizes):
            name = f"archive-{number}.tar.gz"
            content = generator.randbytes(size)
            (self.root / name).write_bytes(content)
            self.names.append((name, hashlib.sha256(content).hexdigest()))
        self.repository.mkdir()
        (self.repository / "repo").write_text('opam-version: "2.0"\n')
        self.git("init", "-q", "-b", "main")

    def commit(self, first, last):
        """Adds packages that name these archives."""
        for number in range(first, last):
            name, sha256 = self.names[number]
            folder = self.repository / "packages" / f"p{number}" / f"p{number}.1"
            folder.mkdir(parents=True)
            (folder / "opam").write_text(OPAM.format(name=name, url=self.url(name), checksum=f"sha256={sha256}"))
        self.git("add", "-A")
        self.git("-c", "user.name=b", "-c", "user.email=b@localhost", "commit", "-qm", f"{first} to {last}")

    def git(self, *words):
        harness.command(["git", "-C", self.repository, *words], self.repository.parent)

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def requests(self):
        """How often it was asked for archives."""
        return self.access.read_text().count("archive-") if self.access.exists() else 0

    def __enter__(self):
        configuration = self.root.parent / "origin.conf"
        configuration.write_text(CONFIGURATION.format(port=self.port, root=self.root, rate=self.rate))
        self.process = subprocess.Popen([harness.which("lighttpd"), "-D", "-f", configuration], env=dict(os.environ))
        harness.wait_for(self.port, "/" + self.names[0][0], self.process)
        return self

    def __exit__(self, *_):
        harness.end(self.process)


def sizes(count, seed=2):
    """Sizes as source archives have them: most some tens of KiB, few a MiB or more; 137 KiB on average."""
    generator = random.Random(seed)
    return [min(8 << 20, max(2_000, int(generator.lognormvariate(10.9, 1.2)))) for _ in range(count)]
