"""The TLS that a URL asks for is what the driver is told, or the URL is refused."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.mysql_server import read_mysql
from constructs_lib.lookups.postgres_server import read_postgres
from constructs_lib.lookups.server_url import read_url
from constructs_lib.lookups.tls import libpq_tls, pymysql_tls

SECRET = b"hunter-two"


@pytest.mark.parametrize("mode", ["require", "verify-full", "verify-ca", "prefer", "disable"])
def test_asyncpgs_word_for_a_mode_is_libpqs_sslmode(mode: str) -> None:
    assert libpq_tls({"ssl": mode, "prepared_statement_cache_size": "0"}) == {"sslmode": mode}
    assert libpq_tls({"sslmode": mode, "ssl": mode}) == {"sslmode": mode}


def test_files_for_tls_without_a_mode_require_it() -> None:
    assert libpq_tls({"sslrootcert": "/rds.pem"}) == {"sslrootcert": "/rds.pem", "sslmode": "require"}
    assert libpq_tls({"ssl": "verify-full", "sslrootcert": "/rds.pem"}) == {
        "sslmode": "verify-full",
        "sslrootcert": "/rds.pem",
    }
    assert libpq_tls({}) == {}


@pytest.mark.parametrize(
    "options",
    [
        {"ssl": "true"},
        {"ssl": "require", "sslmode": "disable"},
        {"sslmode": "hunter-two"},
        {"ssl_ca": "/rds.pem"},
        {"requiressl": "1"},
        {"tls": "true"},
        {"SSLMode": "require"},
    ],
)
def test_what_libpq_would_not_understand_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(LookupFailedError) as caught:
        libpq_tls(options)
    assert "hunter-two" not in str(caught.value)


def context(**options: str) -> ssl.SSLContext:
    made = pymysql_tls(options)["ssl"]
    assert isinstance(made, ssl.SSLContext)
    return made


@pytest.mark.parametrize(
    ("options", "verify_mode", "check_hostname"),
    [
        ({"ssl_mode": "REQUIRED"}, ssl.CERT_NONE, False),
        ({"ssl_mode": "verify_ca"}, ssl.CERT_REQUIRED, False),
        ({"ssl_mode": "VERIFY_IDENTITY"}, ssl.CERT_REQUIRED, True),
        ({"ssl_verify_cert": "true"}, ssl.CERT_REQUIRED, False),
        ({"ssl_verify_identity": "1"}, ssl.CERT_REQUIRED, True),
        ({"ssl_verify_cert": "false", "ssl_verify_identity": "true"}, ssl.CERT_REQUIRED, True),
        ({"ssl_capath": "/etc/ssl/certs"}, ssl.CERT_REQUIRED, True),
        ({"ssl_capath": "/etc/ssl/certs", "ssl_check_hostname": "false"}, ssl.CERT_REQUIRED, False),
        ({"ssl_verify_cert": "false"}, ssl.CERT_NONE, False),
    ],
)
def test_every_spelling_of_mysqls_is_a_context_of_that_strictness(
    options: dict[str, str], verify_mode: ssl.VerifyMode, check_hostname: object
) -> None:
    made = context(**options)
    assert (made.verify_mode, made.check_hostname) == (verify_mode, check_hostname)


def test_without_a_wish_pymysql_decides_and_a_contradiction_is_refused() -> None:
    assert pymysql_tls({"charset": "utf8mb4", "ssl_mode": "PREFERRED"}) == {}
    assert pymysql_tls({"ssl_mode": "DISABLED"}) == {"ssl_disabled": True}
    contradictions: list[dict[str, str]] = [
        {"ssl_mode": "DISABLED", "ssl_verify_cert": "true"},
        {"ssl_mode": "perhaps"},
        {"ssl_verify_identity": "perhaps"},
        {"ssl": "true"},
        {"sslmode": "require"},
    ]
    for options in contradictions:
        with pytest.raises(LookupFailedError):
            pymysql_tls(options)


@contextmanager
def eavesdropper(greeting: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server without TLS that keeps what it is sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.settimeout(5)
                client.sendall(greeting)
                try:
                    while data := client.recv(4096):
                        heard.append(data)
                        if not greeting:
                            client.sendall(b"N")  # PostgreSQL's "no TLS here"
                except OSError:
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(10)


# Of the capabilities, 0xf7ff lacks 0x0800: TLS.
GREETING = b"\x0a8.0\0\1\0\0\0saltsalt\0\xff\xf7\x2d\2\0\xff\xc1\x15" + bytes(10) + b"saltsaltsalt\0sha256_password\0"


@pytest.mark.parametrize("wish", ["ssl=require", "ssl=verify-full", "sslmode=require", "sslrootcert=/none.pem"])
def test_no_password_reaches_a_postgresql_without_tls_where_the_url_asks_for_tls(wish: str) -> None:
    with eavesdropper(b"") as (port, heard), pytest.raises(LookupFailedError):
        read_postgres(
            read_url(f"postgresql+asyncpg://app:hunter-two@127.0.0.1:{port}/app?{wish}"), looked_up="2026-11-26"
        )
    assert b"app" not in b"".join(heard)


@pytest.mark.parametrize("wish", ["ssl_mode=REQUIRED", "ssl_verify_cert=true", "ssl_verify_identity=true"])
def test_no_password_reaches_a_mysql_without_tls_where_the_url_asks_for_tls(wish: str) -> None:
    packet = len(GREETING).to_bytes(3, "little") + b"\0" + GREETING
    with eavesdropper(packet) as (port, heard), pytest.raises(LookupFailedError):
        read_mysql(read_url(f"mysql://app:hunter-two@127.0.0.1:{port}/app?{wish}"), looked_up="2026-11-26")
    assert SECRET not in b"".join(heard)
