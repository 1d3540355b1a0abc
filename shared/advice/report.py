"""Reads what thamos leaves behind. Part of advise.sh; needs Python 3.6 and nothing else.

report.py reason OUTPUT SAID            prints why thamos ended badly, in one sentence
report.py advice OUTPUT OLD NEW ID      prints the recommendation: lines for people, then one JSON
                                        object for programs; fails where there is none
OUTPUT is what thamos printed, SAID its messages, OLD and NEW the lock before and after, ID the
analysis. All of it came over the network: texts are cut and made printable before they are shown.
"""
import ast
import hashlib
import json
import re
import sys

LONGEST_TEXT = 1000
MOST_ENTRIES = 200


def plain(value, longest=LONGEST_TEXT):
    """A text in one line without control characters, cut where it is too long."""
    text = value if isinstance(value, str) else json.dumps(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def number(value):
    """A number that JSON can say; None where it is none."""
    return value if isinstance(value, (int, float)) and abs(value) < 1e15 else None


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def parse(path):
    """The JSON value in a file; None where it holds none."""
    try:
        return json.loads(read(path))
    except (OSError, ValueError, RecursionError):
        return None


def entries_of(value):
    """What Thoth says of a stack: a list of {type, message, link}."""
    found = [entry for entry in value or [] if isinstance(entry, dict)]
    return [
        {key: plain(entry.get(key) or "") for key in ("type", "message", "link")}
        for entry in found[:MOST_ENTRIES]
    ]


def print_entries(title, entries):
    if entries:
        print("thoth: %s" % title)
    for entry in entries:
        link = " <%s>" % entry["link"] if entry["link"] else ""
        print("thoth:   %-7s %s%s" % (entry["type"], entry["message"], link))


def versions_of(path):
    """What a lock installs: name to version; empty where there is no such lock."""
    if path.endswith(".txt"):
        try:
            pins = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;\\]+)", read(path), re.M)
        except OSError:
            return {}
        return {name.lower(): version for name, version in pins}
    lock = parse(path)
    packages = lock.get("default") if isinstance(lock, dict) else None
    if not isinstance(packages, dict):
        return {}
    return {
        name: str(entry.get("version", "")).lstrip("=") if isinstance(entry, dict) else ""
        for name, entry in packages.items()
    }


def changes_between(old, new):
    """What the recommended lock changes: a list of {package, from, to}, None for "not there"."""
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return [
        {
            "package": plain(name, 200),
            "from": plain(old[name], 100) if name in old else None,
            "to": plain(new[name], 100) if name in new else None,
        }
        for name in names[:MOST_ENTRIES]
    ]


def print_changes(changes):
    for change in changes:
        before, after = change["from"], change["to"]
        if before is None:
            print("thoth:   %s %s, which the repository does not lock" % (change["package"], after))
        elif after is None:
            print("thoth:   no %s (was %s)" % (change["package"], before))
        else:
            print("thoth:   %s %s instead of %s" % (change["package"], after, before))


def show_advice(output, old_lock, new_lock, analysis_id):
    report = parse(output)
    products = report.get("products") if isinstance(report, dict) else None
    if not products or not isinstance(products[0], dict):
        raise ValueError("it has no stack in it")
    versions = versions_of(new_lock)
    if not versions:
        raise ValueError("its lock has no packages in it")
    product = products[0]
    stack_info = entries_of(report.get("stack_info"))
    justification = entries_of(product.get("justification"))
    changes = changes_between(versions_of(old_lock), versions)
    print_entries("Thoth on the application's stack:", stack_info)
    print_entries("Thoth on the stack it recommends:", justification)
    print("thoth: what differs from the repository's lock: %s" % ("" if changes else "nothing"))
    print_changes(changes)
    with open(new_lock, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    print(
        json.dumps(
            {
                "event": "taken",
                "analysis_id": analysis_id,
                "score": number(product.get("score")),
                "stack_info": stack_info,
                "justification": justification,
                "changes": changes,
                "lock_sha256": digest,
            }
        )
    )


def reason_of(output, said):
    """The error that the analysis, the server or thamos itself names; the most telling first."""
    result = parse(output)
    if isinstance(result, dict) and result.get("error_msg"):
        return plain(result["error_msg"])
    if isinstance(result, list):
        errors = [e for e in entries_of(result) if e["type"] == "ERROR"]
        if errors:
            return plain("; ".join(entry["message"] for entry in errors))
    lines = read(said)
    body = re.search(r"^HTTP response body: (.*)", lines, re.M)
    if body:
        try:
            answer = body.group(1)
            if answer.startswith("b"):
                answer = ast.literal_eval(answer).decode()
            return plain(json.loads(answer)["error"])
        except (ValueError, KeyError, TypeError, SyntaxError, MemoryError, RecursionError):
            return plain("the server answered: " + body.group(1))
    errors = re.findall(r" (?:ERROR|CRITICAL) +\S+: (.*)", lines)
    texts = errors or [line for line in lines.splitlines() if line.strip()]
    if not texts:
        raise ValueError("nothing was said")
    return plain(texts[-1])


def main(command, *arguments):
    # Whatever the locale: what is printed goes into a log.
    sys.stdout = open(sys.stdout.fileno(), "w", encoding="utf-8", errors="replace", closefd=False)
    if command == "reason":
        print(reason_of(*arguments))
    else:
        show_advice(*arguments)
    sys.stdout.flush()


try:
    main(*sys.argv[1:])
except (ValueError, OSError, TypeError, AttributeError, KeyError) as error:
    sys.exit(plain(str(error)))
