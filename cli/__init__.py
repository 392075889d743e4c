"""do: the commands, and the only place that wires the rooms together.

Heavy rooms are imported by the commands that need them, so that `diemtin --help` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

import click

from cli import archives, common, goldens, looking, packs, reading, rules, telling, watching
from model import ConfigError, DiemtinError

__all__ = ["main"]

_MODULES = (reading, watching, telling, looking, rules, packs, archives, goldens)  # their commands hang in the group by now


def main() -> NoReturn:
    """The console script. Errors of ours are one line on stderr; a traceback is a bug."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by the caller: nobody listens
    if sys.stdout is None:  # what cannot be shown must not be marked as told
        common.tell("standard output is closed; open it, or send it to /dev/null")
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: workers too, and what is done is kept
    try:
        status = common.commands.main(prog_name="diemtin", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except ConfigError as error:
        status = _complain(error, 2)
    except DiemtinError as error:
        status = _complain(error, 1)
    except (KeyboardInterrupt, click.Abort):
        common.tell("stopped; what was done is kept")
        status = 130
    except BrokenPipeError:  # the reader of our output went away: nothing more can be said to it
        _let_go_of_output()
        status = 141
    except OSError as error:  # the disk or device that takes our output
        common.tell(f"the output cannot be written: {error.strerror or error}")
        _let_go_of_output()
        status = 1
    for number in (signal.SIGINT, signal.SIGTERM):  # all is done: a signal now could only spoil the exit status
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status if isinstance(status, int) else 0)


def _let_go_of_output() -> None:
    """What is still buffered goes nowhere: the interpreter would complain of it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error: DiemtinError, status: int) -> int:
    common.tell(str(error))
    return status
