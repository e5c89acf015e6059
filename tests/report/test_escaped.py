"""Words of others in Markdown, rendered by a real renderer."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from constructs_lib.report.escaped import in_html, in_markdown, printable

RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NAMES = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from("\\`*_[]()<>&|~$@#:!+-./ "), min_size=1)


def shown(markup: str) -> str:
    """What a reader sees of HTML in which only comments and `<span>` are tags."""
    return html.unescape(re.sub(r"<!-- -->|</?span>", "", markup))


@given(NAMES.map(str.strip).filter(bool))
def test_any_words_in_a_table_cell_are_shown_as_they_are(words: str) -> None:
    """`shown` would leave any tag standing that the words had brought about."""
    (_, cell), *more = re.findall(
        r"<(td)>(.*)</td>", RENDER.render(f"| a | b |\n|---|---|\n| {in_markdown(words)} |  |\n"), flags=re.DOTALL
    )
    assert more == []
    assert shown(cell.split("</td>")[0]) == words


@given(st.text(st.characters()))
def test_any_words_can_be_printed_on_one_line(words: str) -> None:
    assert printable(words).isprintable()
    assert len(printable(words)) == len(words)


@given(NAMES)
def test_any_words_in_html_are_shown_as_they_are(words: str) -> None:
    assert shown(in_html(words)) == words


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("max_connections_percent=70", "max_connections_percent=70"),
        ("_api_", r"\_api\_"),
        ("@everyone", "@<!-- -->everyone"),
        ("#12", "#<!-- -->12"),
        ("GH-12, gh-7", "GH-<!-- -->12, gh-<!-- -->7"),
        ("HIGH-12", "HIGH-12"),
        ("a5c3785", "a5c378<!-- -->5"),
        ("0123456789" * 4, "012345<!-- -->678901<!-- -->234567<!-- -->890123<!-- -->456789<!-- -->012345<!-- -->6789"),
        ("1073741824 bytes", "1073741824 bytes"),
        ("fb8e20, DatabaseB269D8BB", "fb8e20, DatabaseB269D8BB"),
        ("https://example.com", "https:<!-- -->//example.com"),
        ("WWW.example.com", "WWW<!-- -->.example.com"),
        (":+1:", ":<!-- -->+1:"),
        ("a: b", "a: b"),
        ("$x$", "<span>$</span>x<span>$</span>"),
        ("<!-- -->", "&lt;!-- --&gt;"),
        ("a|b", r"a\|b"),
        ("a\u202eb\nc", "a�b�c"),
    ],
)
def test_what_github_reads_into_words_is_parted(words: str, written: str) -> None:
    assert in_markdown(words) == written
