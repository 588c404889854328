"""Scripts that are ES modules: their ``import`` and ``export`` become what a function's body may hold.

ChirpStack runs codecs as modules, so some are written as such. A codec is one file: what it imports can only be the
``Buffer`` that the network server provides, and that is there anyway (ECMA-262, sections 16.2.2 and 16.2.3).
"""

import re

_TOKEN = re.compile(
    r"""
    (?P<skip> //[^\n]* | /\*.*?\*/                                  # comments
      | '(?:\\.|[^'\\\n])*' | "(?:\\.|[^"\\\n])*"                   # text
      | `(?:\\.|[^`\\])*`                                           # templates, if not nested
    )
    | (?P<import> ^[ \t]*import\b(?!\s*[(.])[^;'"]*(?:'[^'\n]*'|"[^"\n]*")[ \t]*;? )
    | (?P<default> ^[ \t]*export\s+default\b )
    | (?P<list> ^[ \t]*export\s*\{(?P<names>[^}]*)\}[^;\n]*;? )
    | (?P<declared> ^[ \t]*export\s+(?=(?:async\s+)?function\b|class\b|const\b|let\b|var\b) )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_RENAMED = re.compile(r"\s*([\w$]+)\s+as\s+([\w$]+)\s*")


def without_module_syntax(source: str) -> str:
    """Return ``source`` as the body of a function that keeps its line numbers; the same text if it is no module."""
    plain = _TOKEN.sub(_replaced, source)
    return plain if plain == source else f'"use strict";{plain}'


def _replaced(found: re.Match[str]) -> str:
    kind = found.lastgroup if found.lastgroup != "names" else "list"
    text = found.group()
    lines = "\n" * text.count("\n")
    match kind:
        case "import":
            return lines
        case "default":
            return f"{lines}module.exports ="
        case "list":
            return lines + _assigned(found["names"])
        case "declared":
            return lines
        case _:
            return text


def _assigned(names: str) -> str:
    """Return what gives ``one as other`` away under the name ``other``; a plain name is found by itself."""
    renamed = (_RENAMED.fullmatch(each) for each in names.split(","))
    return "".join(f"exports.{each[2]} = {each[1]};" for each in renamed if each)
