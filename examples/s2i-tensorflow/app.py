"""Prints the benchmark's result as one line of JSON, once or again and again.

BENCHMARK_LIBRARY  what is measured: tensorflow (the default) or numpy
BENCHMARK_SIZE     rows and columns of the matrices (1024)
BENCHMARK_REPEATS  how often they are multiplied (10)
BENCHMARK_EVERY    seconds until the next time; 0, the default: once, then end

Ends with 2 where one of these cannot be used, with 3 where the library is missing.
"""
import json
import os
import platform
import signal
import sys
import time

import benchmark


def main():
    # Process 1 of a container ignores this signal unless it says otherwise.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    library = os.environ.get("BENCHMARK_LIBRARY") or "tensorflow"
    if library not in ("tensorflow", "numpy"):
        fail(2, "BENCHMARK_LIBRARY is tensorflow or numpy, not {!r}".format(library))
    size = number("BENCHMARK_SIZE", 1024, least=1)
    repeats = number("BENCHMARK_REPEATS", 10, least=1)
    every = number("BENCHMARK_EVERY", 0, least=0)
    while True:
        try:
            result = benchmark.measure(library, size, repeats)
        except benchmark.LibraryMissing as missing:
            fail(3, str(missing))
        result["python"] = platform.python_version()
        result["machine"] = platform.machine()
        print(json.dumps(result), flush=True)
        if every == 0:
            return
        time.sleep(every)


def number(name, default, least):
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        fail(2, "{} is a whole number, {} or more, not {!r}".format(name, least, text))
    return int(text)


def fail(code, message):
    print("benchmark: " + message, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
