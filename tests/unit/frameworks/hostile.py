"""
Examine hostile files, each in a process with little time and memory; run as `python -m tests.unit.frameworks.hostile`.

Standard input has files, each behind its length in eight bytes. For each, standard output gets a line of JSON: the
process's exit status, and what is wrong with the file.
"""

import json
import os
import resource
import struct
import sys

from frameworks.loading import examine

# Processor seconds, and bytes beyond what the process has when it begins: what is refused needs a small part of either.
SECONDS = 20
MEMORY = 400 * 1024 * 1024


def limit():
    with open("/proc/self/statm") as sizes:
        used = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def examine_apart(content):
    """Return the exit status of a process that examines the content, and what it says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            limit()
            if content == b"greedy":
                bytearray(2 * MEMORY)
            examined = examine(content)
            os.write(writing, "\n".join(str(finding) for finding in examined.findings).encode()[:60_000] or b"sound")
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:
        said = pipe.read().decode(errors="ignore")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


if __name__ == "__main__":
    while head := sys.stdin.buffer.read(8):
        answer = examine_apart(sys.stdin.buffer.read(struct.unpack(">Q", head)[0]))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
