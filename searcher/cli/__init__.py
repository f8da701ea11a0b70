"""The command line: `main` is what the command ``searcher`` runs.

- `searcher.cli.commands`: commands and their options; `searcher.cli.options`: those that several have.
- `searcher.cli.opening`: which index a command works on; `searcher.cli.completion`: what a shell completes.
- `searcher.cli.render`: results as text, CSV and TREC runs; `searcher.wire` has the JSON.
- `searcher.cli.status`, `searcher.cli.check`, `searcher.cli.suggest`: the state of an index, its damage, and words like a
  word.
- `searcher.cli.watch`: keeping up with a folder.
- `searcher.cli.progress`: what is said while an index is built.

Results go to stdout, everything else to stderr. Exit status: 0 something was found or done, 1 no hits, 2 an error or a
damaged index, 130 interrupted. Errors are turned into one line here and nowhere else.
"""

import atexit
import gc
import io
import os
import sys


def main() -> None:
    """Run the command line and exit."""
    # NumPy's linear algebra would start a thread per core, which takes longer than a query; none of it is used here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Looking for garbage whenever there are 700 objects more takes 10 ms while modules are imported, and finds none.
    gc.set_threshold(300_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Files and pipes get UTF-8 whatever the console speaks; a console gets what it can show.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    status = _run()
    # What is left for the interpreter is to take itself apart, object by object, which takes 40 ms of a query.
    atexit._run_exitfuncs()
    os._exit(status)


def _run() -> int:  # noqa: PLR0911  (one return an outcome)
    import click

    from searcher.cli.commands import searcher
    from searcher.errors import SearcherError
    from searcher.markup import safe

    try:
        status = searcher.main(prog_name="searcher", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        click.echo(f"searcher: {safe(error.format_message())}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except (BrokenPipeError, SystemExit):  # click turns the first into the second
        # The reader has seen enough; nothing must be written when the interpreter flushes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        return 0
    except (SearcherError, OSError, ValueError) as error:
        from searcher.wire import one_line

        click.echo(f"searcher: {one_line(error)}", err=True)
        return 2
    except Exception:  # a fault of the program must not look like "no hits", which is status 1
        import traceback

        traceback.print_exc()
        return 2
    return status if isinstance(status, int) else 0
