"""The log of publications in the bucket, read and judged without the mirror's own code."""

import hashlib
import typing

from bucket import Refused

DIGITS = 20
NEWEST = 10


class Entry(typing.NamedTuple):
    number: int
    headers: dict

    @property
    def commit(self):
        return self.headers.get("commit")


def read(bucket, prefix):
    """All entries that there are, in order."""
    below = f"{prefix}/snapshots/"
    entries = []
    for key in bucket.keys(below):
        name = key.removeprefix(below)
        if len(name) != DIGITS or not name.isdigit():
            raise SystemExit(f"a key of the log is not {DIGITS} digits: {key}")
        entries.append(Entry(int(name), headers(bucket.get(key).decode())))
    return entries


def headers(text):
    """Its lines that are a name and a value."""
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def wrong(entries, upstream, seen=frozenset()):
    """What is wrong with the log, beside what was seen served: pairs of a commit and the ETag of its index."""
    problems = [] if entries else ["the log is empty"]
    for before, after in zip(entries, entries[1:]):
        if after.number != before.number + 1:
            problems.append(f"a gap between {before.number} and {after.number}")
    ages = [upstream.age(entry.commit) for entry in entries]
    problems += [f"{entry.number} names a commit that never was: {entry.commit}"
                 for entry, age in zip(entries, ages) if age is None]
    known = [(entry.number, age) for entry, age in zip(entries, ages) if age is not None]
    problems += [f"{number} goes back from commit {before} to {after}"
                 for (_, before), (number, after) in zip(known, known[1:]) if after < before]
    published = {(entry.commit, entry.headers.get("index-sha256")) for entry in entries}
    problems += [f"served but not in the log: commit {commit}, index {etag}" for commit, etag in sorted(seen - published)]
    return problems


def objects(bucket, prefix, entries):
    """What is wrong with the bytes of the newest publications; those of older ones are dropped."""
    problems = []
    for entry in entries[-NEWEST:]:
        for name in ("index-sha256", "repo-sha256"):
            key = f"{prefix}/objects/{entry.number:0{DIGITS}}/{entry.headers.get(name)}"
            try:
                if hashlib.sha256(bucket.get(key)).hexdigest() != entry.headers.get(name):
                    problems.append(f"{key} has other bytes than it says")
            except Refused as refused:
                problems.append(f"{key}: {refused}")
    return problems
