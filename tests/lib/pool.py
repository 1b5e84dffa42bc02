# SPDX-License-Identifier: MIT
"""
Runs cases on a few threads (each case waits for processes) and reports.

Cases marked `alone` run after the others, one at a time. The last line is always
"N passed, N failed" with ", N skipped" when any; no case at all counts as a failure.
"""

import queue
import sys
import threading
import time
import traceback

from lib.case import Failed, Skipped


SHOWN = 20  # names of failed cases in the summary; each was reported in full above


class Report:
    """Counts verdicts and prints them as they come."""

    def __init__(self, verbose):
        self.verbose = verbose
        self.lock = threading.Lock()
        self.passed = 0
        self.failed = []
        self.skipped = {}

    def add(self, case, verdict, text, seconds):
        """Record one verdict."""
        with self.lock:
            if verdict == "passed":
                self.passed += 1
                if self.verbose:
                    print(f"ok      {case.full_name} ({seconds:.1f} s)", flush=True)
            elif verdict == "skipped":
                self.skipped.setdefault(text, []).append(case.full_name)
            else:
                self.failed.append(case.full_name)
                body = "\n".join("        " + line for line in text.rstrip().splitlines())
                print(f"FAILED  {case.full_name}\n{body}", flush=True)

    def finish(self):
        """Print the summary; return the exit status of the driver."""
        for reason, names in sorted(self.skipped.items()):
            shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
            print(f"skipped {len(names)}: {reason} ({shown})")
        if self.failed:
            shown = " ".join(self.failed[:SHOWN])
            more = len(self.failed) - SHOWN
            print(f"failed: {shown}" + (f" and {more} more" if more > 0 else ""))
        failures = len(self.failed)
        if not self.passed and not failures:
            print("no test was run", file=sys.stderr)
            failures = 1
        skipped = sum(len(names) for names in self.skipped.values())
        print(f"{self.passed} passed, {failures} failed"
              + (f", {skipped} skipped" if skipped else ""), flush=True)
        return 1 if failures else 0


def run_one(case, ctx, report):
    """Run a case and record its verdict."""
    start = time.monotonic()
    try:
        if case.needs_lstar and ctx.host_only:
            raise Skipped("needs Lstar, and --host-only was given")
        case.run(ctx)
        verdict, text = "passed", ""
    except Skipped as reason:
        verdict, text = "skipped", str(reason)
    except Failed as reason:
        verdict, text = "failed", str(reason)
    except Exception:  # a bug of the test is a failure too, never a silent stop
        verdict, text = "failed", traceback.format_exc()
    report.add(case, verdict, text, time.monotonic() - start)


def run_all(cases, ctx, jobs, verbose=False):
    """Run every case; return the exit status."""
    report = Report(verbose)
    todo = queue.SimpleQueue()
    for case in cases:
        if not case.alone:
            todo.put(case)

    def worker():
        while True:
            try:
                case = todo.get_nowait()
            except queue.Empty:
                return
            run_one(case, ctx, report)

    threads = [threading.Thread(target=worker) for _ in range(max(1, jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for case in cases:
        if case.alone:
            run_one(case, ctx, report)
    return report.finish()
