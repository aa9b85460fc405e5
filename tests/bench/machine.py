"""What the kernel says about a process and about the machine: CPU seconds and resident memory, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """The process and all that it started and that still live."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for listed in (PROC / str(one) / "task").glob("*/children"):
            try:
                waiting += [int(word) for word in listed.read_text().split()]
            except OSError:  # it has just ended
                continue
    return found


def cpu_seconds(pid: int) -> float:
    """User and system seconds of the process and of its children, also of those that ended."""
    ticks = 0
    for one in family(pid):
        try:
            fields = (PROC / str(one) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def thread_seconds(pid: int) -> float:
    """CPU seconds of the process's threads so far, to the nanosecond; of those only that still live."""
    spent = 0
    for task in (PROC / str(pid) / "task").iterdir():
        spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9


def resident_mib(pid: int) -> float:
    """Resident memory of the process and its children, in MiB."""
    kib = 0
    for one in family(pid):
        try:
            text = (PROC / str(one) / "status").read_text()
        except OSError:
            continue
        kib += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:"))
    return kib / 1024


def busy_seconds() -> float:
    """CPU seconds that the whole machine has spent since it started."""
    user, nice, system, _idle, _waiting, irq, softirq = (
        int(field) for field in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:8]
    )
    return (user + nice + system + irq + softirq) / TICK


def described() -> dict[str, str | int]:
    """The machine in a few words, for whoever reads the figures later."""
    model = "unknown processor"
    for line in (PROC / "cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {"cpus": os.cpu_count() or 1, "processor": model, "kernel": os.uname().release}
