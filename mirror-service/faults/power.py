"""Images of a file system as power cuts leave them while a mirror works on it: by reflink, so that each is of one moment."""

import contextlib
import random
import subprocess
import time

from suite import Scene

ROUND = 100


def power(suite, times, seconds):
    """Rounds of a hundred cuts, one worker beside the other, each with a disk of its own."""
    end = time.monotonic() + seconds

    def rounds():
        left = times
        while time.monotonic() < end if seconds else left > 0:
            count = ROUND if seconds else min(left, ROUND)
            left -= count
            yield count

    with contextlib.ExitStack() as mounts:
        disks = []
        for number in range(suite.jobs):
            folder = suite.folder / f"worker-{number}"
            for each in (folder, folder / "disk", folder / "place", folder / "other"):
                each.mkdir()
            run("truncate", "-s", "8G", folder / "disk.img")
            run("mkfs.xfs", "-q", folder / "disk.img")
            mount(mounts, folder / "disk.img", folder / "disk")
            disks.append(Scene(folder, suite.scene.options))
        suite.each(rounds(), lambda count: cuts(suite, disks, count))
    suite.summary()


def cuts(suite, free, count):
    """One image, so many cuts of it."""
    scene = free.pop()
    image, place, other = scene.folder / "disk/image", scene.folder / "place", scene.folder / "other"
    run("truncate", "-s", "96M", image)
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", image)
    with contextlib.ExitStack() as mounts:
        mount(mounts, image, place)
        images = take(scene, image, place / "data", count)
    for number, (cut, commit, held) in enumerate(images):
        with contextlib.ExitStack() as mounts:
            mount(mounts, cut, other)
            judge(suite, scene, other / "data", commit, held, restart=number % 25 == 24)
        cut.unlink()
        suite.count()
    image.unlink()
    free.append(scene)


def take(scene, image, data, count):
    """Lets merges come and takes images; with each, what the mirror had acknowledged by then."""
    images = []
    mirror = scene.mirror(data).started()
    for number in range(count):
        if number % 4 == 0:
            scene.last = scene.upstream.merge(1)
        time.sleep(random.random() * 0.15)
        shown = mirror.snapshot()
        cut = image.with_name(f"cut-{number}")
        run("cp", "--reflink=always", image, cut)
        images.append((cut, shown.get("commit"), shown.get("archives_held", 0)))
    mirror.end()
    return images


def judge(suite, scene, data, commit, held, restart):
    if not data.exists():
        data.mkdir()
    found, archives, broken = suite.verify(data)
    commits = scene.upstream.commits
    problems = [broken]
    if commit and (found is None or commits.index(found) < commits.index(commit)):
        problems.append(f"{commit} was served and {found} is left")
    if archives < held:
        problems.append(f"{held} archives were held and {archives} are left")
    if restart:
        mirror = suite.started(scene.mirror(data))
        problems.append("" if mirror.waits_for(scene.last) else f"it does not go on: {mirror.said()}")
        mirror.end()
    suite.note(data, "a power cut", problems)


def mount(stack, what, where, options="loop"):
    run("mount", "-o", options, what, where)
    stack.callback(run, "umount", where)


def run(*words):
    subprocess.run(words, check=True)
