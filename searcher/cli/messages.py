"""How is an error said in one line?"""

from click import ClickException

from searcher.markup import safe


def one_line(error: Exception) -> str:
    """Say in one line what went wrong: where, what, what to do."""
    if isinstance(error, ClickException):
        return safe(error.format_message())
    if isinstance(error, OSError) and error.filename is not None:
        return safe(f"{error.filename}: {error.strerror}")
    return safe(str(error))
