"""The Test Anything Protocol for suites in Python, and expectations that PostgreSQL wrote.

    @check("what it shows")
    def _(): assert ...

    done()
"""
import difflib
import os
import pprint
import sys
import traceback

_count = _failed = 0
_write = "GOLDEN_WRITE" in os.environ
_golden = {}  # of a file: its parts by name


def check(name):
    """Runs the function under it at once, as one check."""
    def run(f):
        global _count, _failed
        _count += 1
        try:
            f()
        except BaseException:
            _failed += 1
            print(f"not ok {_count} - {name}")
            for line in traceback.format_exc().splitlines():
                print("#", line)
        else:
            print(f"ok {_count} - {name}")
        sys.stdout.flush()
    return run


def equal(got, want):
    assert got == want, f"\nwant {want!r}\ngot  {got!r}"


class raises:
    """with raises(psycopg2.errors.UniqueViolation) as e: …, then e.value."""

    def __init__(self, kind):
        self.kind = kind

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        assert kind, f"no {self.kind.__name__}"
        self.value = value
        return isinstance(value, self.kind)


def golden(path, name, value):
    """Compares a value with the part of that name in a file, which GOLDEN_WRITE=1 writes anew (against PostgreSQL only)."""
    parts = _golden.setdefault(path, {} if _write else _read(path))
    text = value if isinstance(value, str) else pprint.pformat(value, width=160, sort_dicts=True) + "\n"
    if _write:
        parts[name] = text
        return
    want = parts.get(name, "")
    if want.strip() != text.strip():
        raise AssertionError("\n" + "\n".join(difflib.unified_diff(want.splitlines(), text.splitlines(), "PostgreSQL", "here", lineterm="", n=0)))


def _read(path):
    with open(path, encoding="utf-8") as f:
        parts = ("\n" + f.read()).split("\n== ")[1:]
    return {p.split("\n", 1)[0]: p.split("\n", 1)[1] for p in parts}


def done():
    """Says the plan and ends the program."""
    for path, parts in _golden.items() if _write else ():
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(f"== {name}\n{text}" for name, text in parts.items()))
    print(f"1..{_count}")
    sys.exit(_failed > 0)
