"""What libpq and the server say, without names."""

import psycopg
import pytest

from constructs_lib.lookups.postgres_refusal import refusal

FATAL = 'connection to server at "db" (10.0.0.7), port 5432 failed: FATAL:  '


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "remaining connection slots are reserved for roles with the SUPERUSER attribute",
            "only superusers may still enter, on RDS nobody but AWS",
        ),
        (
            "remaining connection slots are reserved for non-replication superuser connections",
            "only superusers may still enter, on RDS nobody but AWS",
        ),
        (
            (
                "remaining connection slots are reserved for roles with privileges of the"
                ' "pg_use_reserved_connections" role'
            ),
            "one that may use reserved slots may still enter",
        ),
        ("sorry, too many clients already", "no connection left, for no role"),
        ('role "hunter" does not exist', "there is no such role"),
    ],
)
def test_a_full_server_says_who_may_still_enter_and_a_missing_role_is_told(text: str, words: str) -> None:
    said = refusal(psycopg.OperationalError(FATAL + text))
    assert words in said
    assert "hunter" not in said
