"""Rounds of interleaved rivals on a machine that others use too: what the others took, and which rounds to keep.

The load average counts the measured processes themselves, so a round is judged by the cores that other processes had
while it ran: busy time of the machine less that of this process, its finished children and those still alive.
"""
import contextlib
import os
import platform
import resource
import statistics
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")


def environment(**more):
    """The process's environment without the two variables that make OpenBLAS take the CPU for another one."""
    return {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")} | more


def machine(threads=None):
    """One line: processor, cores, memory, threads used."""
    with open("/proc/cpuinfo") as f:
        info = dict([part.strip() for part in line.split(":", 1)] for line in f if ":" in line)
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) / 2**20
    used = f", {threads} threads used" if threads else ""
    return (f"{info.get('model name', platform.processor())} (family {info.get('cpu family')}, model {info.get('model')}), "
            f"{os.cpu_count()} cores, {memory:.0f} GiB{used}")


def _machine_busy():
    with open("/proc/stat") as f:
        user, nice, system, _, _, irq, softirq, steal = map(int, f.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def _alive(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def _own(pids):
    finished = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in finished) + sum(map(_alive, pids))


class Round:
    """Measures the cores that others had during a `with` block: `others` afterwards, `load` the load average."""

    def __init__(self, pids=()):
        self.pids = pids

    def __enter__(self):
        self.start = time.perf_counter(), _machine_busy(), _own(self.pids)
        return self

    def __exit__(self, *_):
        begin, busy, own = self.start
        self.seconds = time.perf_counter() - begin
        self.others = max(0.0, (_machine_busy() - busy - (_own(self.pids) - own)) / self.seconds)
        self.load = os.getloadavg()[0]


def add_options(arguments, rounds):
    arguments.add_argument("--rounds", type=int, default=rounds, help="quiet rounds to keep")
    arguments.add_argument("--quiet", type=float, default=0.15, help="the most cores that others may have during a round")
    arguments.add_argument("--attempts", type=int, help="the most rounds to run for them (default: three times --rounds)")


def keep_quiet(a, one_round, pids=()):
    """Runs `one_round` until `--rounds` were quiet; noisy ones are used, and said to be, only if there are no others.

    Returns the kept results and a sentence on the load.
    """
    kept, noisy = [], []
    for _ in range(a.attempts or 3 * a.rounds):
        with Round(pids) as around:
            result = one_round()
        (kept if around.others <= a.quiet else noisy).append((around, result))
        print(f"round of {around.seconds:.1f} s: others had {around.others:.2f} cores, load {around.load:.2f}", file=sys.stderr)
        if len(kept) == a.rounds:
            break
    chosen = kept or noisy
    others = statistics.median(around.others for around, _ in chosen)
    kind = f"with others at {a.quiet:g} cores or less" if kept else f"NOISY, others above {a.quiet:g} cores"
    note = f"{len(chosen)} of {len(kept) + len(noisy)} {kind}: {others:.2f} (median), load {os.getloadavg()[0]:.1f}"
    return [result for _, result in chosen], note
