"""Secrets stand in files of their own, never in the settings, the environment or a command line."""

from pathlib import Path


def read_secret(path: str) -> str:
    """Return the secret in the file at ``path`` without its final line break; an empty path is an empty secret.

    Raises:
        OSError: the file cannot be read.
    """
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def mistake_of_secret(path: str) -> str:
    """Return why the file at ``path`` gives no secret, or an empty text; never any of its content."""
    try:
        return "" if read_secret(path) else "the file is empty"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return "is not UTF-8 text"
