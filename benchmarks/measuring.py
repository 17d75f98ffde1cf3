"""Run a program and say what it cost: wall, CPU and memory of all its processes.

in:   a command
out:  Run

CPU is the kernel's own sum over all processes, also those that outlive their parent. Memory is looked at five times a
second, large processes less often: the proportional set size of every process of the run, added up, so that shared pages count
once. Needs Linux.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a program cost, or the middle of several."""

    wall: float
    cpu: float
    memory: float
    """Megabytes of all processes together, at the worst moment that was seen."""


_MEASURE = """
import contextlib, ctypes, json, os, resource, subprocess, sys, threading, time

def session(pid):
    with open(f"/proc/{pid}/stat", "rb") as file:
        return int(file.read().rpartition(b")")[2].split()[3])

def proportional(pid):
    with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(b"Pss:"))

def look(leader, seen, done):
    pause = 0.2
    while not done.wait(pause):
        total, began = 0, time.monotonic()
        for name in os.listdir("/proc"):
            with contextlib.suppress(OSError, StopIteration, ValueError):
                if name.isdigit() and session(name) == leader:
                    total += proportional(name)
        seen.append(total)
        pause = max(0.2, 30 * (time.monotonic() - began))      # looking at large processes takes long, and they wait meanwhile

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)          # a pool's workers are orphans when it ends: they come to us, and count
began = time.monotonic()
run = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
seen, done = [0], threading.Event()
watcher = threading.Thread(target=look, args=(run.pid, seen, done))
watcher.start()
said = run.communicate()[1]
wall = time.monotonic() - began
done.set()
watcher.join()
with contextlib.suppress(ChildProcessError):
    while True:
        os.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
memory = max(max(seen), used.ru_maxrss)          # a run may be over before it is looked at
print(json.dumps([run.returncode, wall, used.ru_utime + used.ru_stime, memory / 1024, said.decode()[-800:]]))
"""


def measure(command: Sequence[str | Path], folder: Path | None = None) -> Run:
    """Run a command. Each is measured by a process of its own: what children have used never falls again."""
    told = subprocess.run([sys.executable, "-c", _MEASURE, *map(str, command)], check=True, capture_output=True, text=True, cwd=folder)
    code, wall, cpu, memory, said = json.loads(told.stdout)
    if code:
        raise SystemExit(f"{command[0]} failed: {said}")
    return Run(wall, cpu, memory)


def middle(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "memory")))
