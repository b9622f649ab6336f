"""The Test Anything Protocol for suites in Python.

    @check("what it shows")
    def _(): assert ...

    done()
"""
import sys
import traceback

_count = _failed = 0


def check(name):
    """Runs the function under it at once, as one check."""
    def run(f):
        global _count, _failed
        _count += 1
        try:
            f()
        except Exception:
            _failed += 1
            print(f"not ok {_count} - {name}")
            for line in traceback.format_exc().splitlines():
                print("#", line)
        else:
            print(f"ok {_count} - {name}")
        sys.stdout.flush()
    return run


def done():
    """Says the plan and ends the program."""
    print(f"1..{_count}")
    sys.exit(_failed > 0)
