"""Who is connected to a real PostgreSQL, as two roles see it."""

from contextlib import ExitStack

import psycopg
import pytest

from constructs_lib.limits.activity import Activity, Sessions
from constructs_lib.lookups.activity import activity_at
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import ServerUrl, read_url

SECRET = "hunter-two"  # noqa: S105 - the password of the server in tests/conftest.py


def url(socket_folder: str, user: str = "app", database: str = "postgres") -> ServerUrl:
    return read_url(f"postgresql://{user}:{SECRET}@/{database}?host={socket_folder}")


def client(socket_folder: str, name: str, user: str = "app", database: str = "postgres") -> "psycopg.Connection":
    return psycopg.connect(
        f"host={socket_folder} user={user} password={SECRET} dbname={database} application_name={name}"
    )


def named(activity: Activity, *names: str) -> list[Sessions]:
    return [item._replace(longest_s=0) for item in activity.sessions if item.application_name in names]


def test_connections_are_counted_by_application_role_database_and_state(postgres_socket: str) -> None:
    with ExitStack() as stack:
        idle, open_transaction, other = (
            stack.enter_context(client(postgres_socket, name, database=database))
            for name, database in (("api", "postgres"), ("api", "postgres"), ("batch", "small"))
        )
        idle.execute("SELECT 1")
        idle.rollback()
        open_transaction.execute("SELECT 1")
        other.execute("SELECT 1")
        other.rollback()
        look = stack.enter_context(activity_at(url(postgres_socket)))
        activity = look()
        assert named(activity, "api", "batch") == [
            Sessions("api", "app", "postgres", "idle", 1, 0),
            Sessions("api", "app", "postgres", "idle in transaction", 1, 0),
            Sessions("batch", "app", "small", "idle", 1, 0),
        ]
        assert "connection-budget" not in {item.application_name for item in activity.sessions}
        open_transaction.rollback()
        assert named(look(), "api") == [Sessions("api", "app", "postgres", "idle", 2, 0)]


def test_the_limits_of_the_server_its_roles_and_its_databases_are_read(postgres_socket: str) -> None:
    with activity_at(url(postgres_socket)) as look:
        activity = look()
    assert (activity.max_connections, activity.reserved, activity.usable) == (12, 3, 9)
    assert activity.role_limits == {"limited": 7, "full": 0}
    assert activity.database_limits == {"small": 5}


def test_the_state_of_another_roles_connections_is_hidden_and_they_are_counted(postgres_socket: str) -> None:
    with client(postgres_socket, "theirs", user="limited"), activity_at(url(postgres_socket)) as look:
        assert named(look(), "theirs") == [Sessions("theirs", "limited", "postgres", "hidden", 1, 0)]


def test_a_session_that_tracks_no_activities_has_a_hidden_state(postgres_socket: str) -> None:
    silent = f"host={postgres_socket} user=postgres dbname=postgres application_name=silent"
    with (
        psycopg.connect(silent, options="-c track_activities=off"),
        activity_at(read_url(f"postgresql://postgres@/postgres?host={postgres_socket}")) as look,
    ):
        assert named(look(), "silent") == [Sessions("silent", "postgres", "postgres", "hidden", 1, 0)]


def test_one_connection_is_used_however_often_it_looks(postgres_socket: str) -> None:
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'connection-budget'"
    with client(postgres_socket, "count") as connection, activity_at(url(postgres_socket)) as look:
        for _ in range(3):
            look()
        assert connection.execute(count).fetchone() == (1,)


def test_a_server_that_refuses_is_one_line_without_a_secret(postgres_socket: str) -> None:
    with pytest.raises(LookupFailedError) as caught, activity_at(url(postgres_socket, user="full")) as look:
        look()
    assert str(caught.value) == "localhost: the role or the database has no connection left under its own limit"


def test_a_server_that_goes_away_between_two_looks_says_so(postgres_socket: str) -> None:
    stop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'connection-budget'"

    def look_twice() -> None:
        with activity_at(url(postgres_socket)) as look, client(postgres_socket, "stop") as connection:
            look()
            connection.execute(stop)
            look()

    with pytest.raises(LookupFailedError) as caught:
        look_twice()
    text = str(caught.value)
    assert text.startswith("localhost: ")
    assert "\n" not in text
    assert SECRET not in text
