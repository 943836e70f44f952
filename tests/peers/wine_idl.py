#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Strangers' IDL: the files of libwine-dev that widl compiles by themselves.

For each file that comidl compiles, every table of functions must have widl's slots in widl's order,
and every identifier widl's value. A file that breaks a rule of the language, as widl allows, is
compiled with --lenient; the last two tests say how many compile with and without. Each file that
comidl refuses even so stands in wine_refused.list with its reason; a file that is refused without
being listed, or listed without being refused, fails.

    wine_idl.py --half 0|1      every other file, from the first or the second on; prints TAP lines.
                                Needs TESSERA_BUILD and TESSERA_SRC. The tests are wine_idl_first.sh
                                and wine_idl_second.sh: all files take too long for one
    wine_idl.py [--causes [N]]  what stands in the way, the most frequent first, with N examples
    wine_idl.py --list          the refused files in the form of wine_refused.list, with the causes
    wine_idl.py FILE...         only these files (names without folder and .idl), with the diagnostics
"""
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("TESSERA_SRC", os.getcwd())
BUILD = os.environ.get("TESSERA_BUILD", os.path.join(SOURCE, "build"))
COMIDL = os.path.join(BUILD, "bin", "comidl")
# Installed, or unpacked by make into the build folder, below which a sanitizer has its own.
ROOT = next((root for root in ("/", os.path.join(BUILD, "unpacked"), os.path.join(BUILD, "..", "unpacked"))
             if os.path.exists(os.path.join(root, "usr/bin/widl-stable"))), "/")
WIDL = os.path.join(ROOT, "usr/bin/widl-stable")
INCLUDE = os.path.join(ROOT, "usr/include/wine/wine")
REFUSED = os.path.join(SOURCE, "tests", "peers", "wine_refused.list")
FEWEST = 100  # files of a half that must compile without --lenient
TIME_LIMIT = 60

# A reason is not taken on trust: one of comidl's errors must say it.
REASONS = {
    "WinRT": re.compile(r"Windows Runtime"),
    "RPC": re.compile(r"remote procedure call"),
    "fragment": re.compile(r"unknown (type|interface|constant)|not found"),
    "function-like macro": re.compile(r"function-like macro"),
}

TABLE = re.compile(r"typedef struct (\w+)Vtbl \{(.*?)\} \1Vtbl;", re.S)
SLOT = re.compile(r"\(\s*(?:\w+\s+)?\*\s*(\w+)\)\(((?:[^()]|\([^()]*\))*)\);")
GUID = re.compile(r"^DEFINE_GUID\((\w+),([^)]*)\);", re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)

number = 0
failures = 0


def report(good, name, detail=()):
    global number, failures
    number += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    for line in detail if not good else ():
        print(f"#   {line}")


def wine_files():
    """Base name: path of every IDL file of libwine-dev."""
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(INCLUDE) for name in names]
    return {os.path.basename(path)[:-len(".idl")]: path for path in sorted(paths) if path.endswith(".idl")}


def run(command):
    """Exit status and standard error; a crash or a hang has a status of its own."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
        return done.returncode, done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return -1, "no end"


def slots(text):
    """Interface: its functions in order, each with the number of its parameters."""
    found = {}
    for name, body in TABLE.findall(COMMENT.sub("", text)):
        found[name] = [f"{slot}/{arguments.count(',') + 1}" for slot, arguments in SLOT.findall(body)]
    return found


def identifiers(text):
    return {name: tuple(int(part, 16) for part in values.split(","))
            for name, values in GUID.findall(text)}


def differences(theirs, ours):
    """One line for each table or identifier of widl's that ours lacks or has otherwise."""
    lines = []
    mine = slots(ours)
    for name, expected in slots(theirs).items():
        if name not in mine:
            lines.append(f"{name}: no table of functions")
        elif mine[name] != expected:
            wrong = next((i for i, pair in enumerate(zip(mine[name], expected)) if pair[0] != pair[1]),
                         min(len(mine[name]), len(expected)))
            lines.append(f"{name}: slot {wrong}: {(mine[name] + ['nothing'])[wrong:wrong + 1]}, "
                         f"widl {(expected + ['nothing'])[wrong:wrong + 1]}")
    mine = identifiers(ours)
    for name, expected in identifiers(theirs).items():
        if mine.get(name) != expected:
            lines.append(f"{name}: {'no identifier' if name not in mine else 'another value'}")
    return lines


class Result:
    """What became of one file."""

    def __init__(self, path, folder):
        base = os.path.basename(path)[:-len(".idl")]
        theirs, ours = (os.path.join(folder, f"{base}.{suffix}.h") for suffix in ("widl", "comidl"))
        includes = ["-I", os.path.join(INCLUDE, "windows"), "-I", INCLUDE]
        self.tables = self.status = 0
        self.strict = False
        self.diagnostics, self.differences = "", []
        self.alone = run([WIDL, *includes, "-h", "-H", theirs, path])[0] == 0
        if not self.alone:
            return
        # Like widl, comidl knows threading, progid and vi_progid, which the files else define away.
        command = [COMIDL, "-D", "__WIDL__", *includes, "--header", ours, path]
        self.status, self.diagnostics = run(command)
        self.strict = self.status == 0
        if self.status == 1:
            self.status, self.diagnostics = run([*command, "--lenient"])
        if self.status == 0:
            with open(theirs, encoding="latin-1") as file:
                expected = file.read()
            with open(ours, encoding="utf-8") as file:
                self.differences = differences(expected, file.read())
            self.tables = len(slots(expected))

    def errors(self):
        return [line.split(": error: ", 1)[1] for line in self.diagnostics.splitlines()
                if ": error: " in line] or [f"status {self.status}: {self.diagnostics[-200:]}"]


def read_refused():
    """Base name: reason."""
    with open(REFUSED, encoding="utf-8") as file:
        lines = [line.split(None, 1) for line in file if line.strip() and not line.startswith("#")]
    return {name: reason.strip() for name, reason in lines}


def compile_all(files):
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        results = dict(zip(files, pool.map(lambda path: Result(path, folder), files.values())))
    return {name: result for name, result in results.items() if result.alone}


def print_causes(results, examples):
    """First errors with everything between quotes taken out, so that like counts with like."""
    causes = collections.defaultdict(list)
    for name, result in results.items():
        if result.status != 0:
            causes[re.sub(r"'[^']*'|\d+", "*", result.errors()[0])].append(name)
        elif result.differences:
            causes["differs from widl: " + re.sub(r"\w+", "*", result.differences[0], count=1)].append(name)
    for cause, names in sorted(causes.items(), key=lambda item: -len(item[1])):
        print(f"{len(names):4} {cause}")
        for name in names[:examples]:
            result = results[name]
            lines = [line for line in result.diagnostics.splitlines() if ": error: " in line]
            print(f"       {(lines or result.differences or [name])[0]}")


def check(results, refused):
    for name, result in results.items():
        if name in refused:
            reason = REASONS.get(refused[name])
            stated = reason is not None and any(reason.search(error) for error in result.errors())
            report(result.status == 1 and stated, f"{name}.idl is refused: {refused[name]}",
                   [f"status {result.status}", *result.errors()[:3]])
        else:
            report(result.status == 0, f"{name}.idl compiles", result.errors()[:3])
            if result.status == 0:
                report(not result.differences, f"{name}.idl: {result.tables} interfaces have widl's slots",
                       result.differences[:10])
    unknown = sorted(set(refused) - set(results))
    report(not unknown, "the list of refused files names no others", unknown)
    good = [result for result in results.values() if result.status == 0 and not result.differences]
    strict = sum(result.strict for result in good)
    report(strict >= FEWEST, f"{strict} of {len(results)} files compile, expected at least {FEWEST}")
    report(len(good) + len(refused) == len(results), f"{len(good)} of them with --lenient, all but the listed")


def main(arguments):
    files = wine_files()
    if not files or not os.path.exists(WIDL):
        report(False, "libwine-dev and wine64-tools are there (make deps gets them)")
        return 1
    if not arguments:
        arguments = ["--causes"]
    if arguments[0] == "--half":
        names = list(files)
        refused = read_refused()
        unknown = sorted(set(refused) - set(names))
        report(not unknown, "the list of refused files names files that there are", unknown)
        files = {name: files[name] for name in names[int(arguments[1])::2]}
        check(compile_all(files), {name: reason for name, reason in refused.items() if name in files})
        return 0 if failures == 0 else 1
    if not arguments[0].startswith("--"):
        files = {name: files[name] for name in arguments}
    results = compile_all(files)
    if arguments[:1] == ["--causes"]:
        print_causes(results, int(arguments[1]) if len(arguments) > 1 else 0)
    elif arguments[:1] == ["--list"]:
        for name, result in results.items():
            if result.status != 0:
                print(f"{name:40} {result.errors()[0]}")
    elif not arguments[0].startswith("--"):
        for name, result in results.items():
            print(result.diagnostics + "\n".join([f"{name}: status {result.status}", *result.differences]))
        return 0
    print(f"{sum(result.strict for result in results.values())} of {len(results)} compile, "
          f"{sum(result.status == 0 for result in results.values())} with --lenient, "
          f"{sum(result.status == 0 and not result.differences for result in results.values())} "
          f"with widl's slots and identifiers, {sum(result.tables for result in results.values())} interfaces")
    return 0


sys.exit(main(sys.argv[1:]))
