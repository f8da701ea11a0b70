"""The command line: `main` is what the command ``searcher`` runs.

The modules, in the order to read them:

- `searcher.cli.commands`: the commands and their options. `searcher.cli.options`: options that several commands share.
- `searcher.cli.help`: the pages of documentation.
- `searcher.cli.opening`: opens the index and prints what `searcher.session` reports.
- `searcher.cli.render`: results as text, CSV and TREC runs. `searcher.wire` has the JSON.
- `searcher.cli.status`, `searcher.cli.check`, `searcher.cli.suggest`: the state of an index, its damage, similar words.
- `searcher.cli.watch`: follows a folder. `searcher.cli.progress`: tells how far a build is, and what it did.
- `searcher.cli.completion`: completes words and paths for a shell. `searcher.cli.help`: shows the pages of the documentation.

Results go to stdout, everything else to stderr. Exit status: 0 found or done, 1 no hits, 2 an error or a damaged index,
130 interrupted. Errors become one line here and nowhere else.
"""

import atexit
import gc
import io
import os
import sys


def main() -> None:
    """Run the command line and exit."""
    # NumPy's linear algebra is not used. Its threads, one a core, would take longer to start than a query takes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # By default Python looks for garbage after every 700 new objects. During imports that takes 10 ms and finds none.
    gc.set_threshold(300_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Files and pipes get UTF-8. A console gets its own encoding.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    status = _run()
    # The interpreter would now free every object, which takes 40 ms of a query.
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
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        click.echo(f"searcher: {safe(error.format_message())}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except (BrokenPipeError, SystemExit):  # click turns the first into the second
        # The reader of the pipe has gone. Without this, the flush of stdout at exit would fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        return 0
    except (SearcherError, OSError, ValueError) as error:
        from searcher.wire import one_line

        click.echo(f"searcher: {one_line(error)}", err=True)
        return 2
    except Exception:  # Python's own exit status would be 1, which means "no hits"
        import traceback

        traceback.print_exc()
        return 2
    return status if isinstance(status, int) else 0
