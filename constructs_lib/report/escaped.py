"""Words of others on a terminal, in Markdown and in HTML, as nothing but words."""

import re

_BREAK = "<!-- -->"
"""Nothing to see, and it keeps GitHub from reading a mention, an issue, a link or an emoji into what it parts."""
_COMMIT = re.compile(r"(?<!\w)(?!\d{1,39}(?!\w))[0-9A-Fa-f]{7,40}(?!\w)", re.ASCII)
"""What GitHub links where the repository has such a commit (GitHub Docs, "Autolinked references and URLs").

Decimal digits alone are numbers of bytes and accounts, and hardly ever the beginning of a commit.
"""


def printable(words: str) -> str:
    """Words without what moves a cursor, ends a line or changes the order of what is beside them."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in words)


def in_markdown(words: str) -> str:
    """Words within a line of Markdown: no markup, HTML, column, mention, issue, commit, link, emoji or formula."""
    words = re.sub(r"([\\`*\[\]|~])", r"\\\1", words)
    return in_html(re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", words))


def in_html(words: str) -> str:
    """Words within an HTML element, where a backslash means nothing but GitHub still looks for mentions."""
    words = (
        printable(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "<span>$</span>")
    )
    words = re.sub(r"([@#:]|\bGH-)(?=[\w/+-])", rf"\1{_BREAK}", words, flags=re.IGNORECASE)
    words = _COMMIT.sub(lambda found: re.sub(r"(.{6})(?=.)", rf"\1{_BREAK}", found[0]), words)
    return re.sub(r"(?i)(www)\.", rf"\1{_BREAK}.", words)
