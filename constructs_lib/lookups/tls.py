"""The TLS that a URL asks for, in the spelling of whichever driver it was written for.

What is not understood is refused: a connection in clear, with a password, is the last thing that was asked for.
"""

import ssl
from collections.abc import Mapping

from constructs_lib.lookups.failure import LookupFailedError

_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_LIBPQ = {
    "sslcert",
    "sslcertmode",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
}
_MYSQL_MODES = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
_MYSQL_FILES = {"ssl_ca": "cafile", "ssl_capath": "capath"}
_MYSQL = {
    *_MYSQL_FILES,
    "ssl_cert",
    "ssl_check_hostname",
    "ssl_cipher",
    "ssl_key",
    "ssl_key_password",
    "ssl_mode",
    "ssl_verify_cert",
    "ssl_verify_identity",
}
_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def libpq_tls(options: Mapping[str, str]) -> dict[str, str]:
    """The options of libpq that a URL of any driver of PostgreSQL's stands for; asyncpg has `ssl` for sslmode."""
    _refuse_unknown(options, {*_LIBPQ, "ssl"})
    found = {key: value for key, value in options.items() if key in _LIBPQ}
    modes = {options[key] for key in ("ssl", "sslmode") if key in options}
    if len(modes) > 1 or modes - set(_MODES):
        raise LookupFailedError(
            f"the URL's sslmode (asyncpg: ssl) must be one of {', '.join(_MODES)}, and said once: change it"
        )
    if found and "sslmode" not in found and not modes:
        modes = {"require"}  # libpq would go on without TLS where the server has none
    return {**found, **({"sslmode": modes.pop()} if modes else {})}


def pymysql_tls(options: Mapping[str, str]) -> dict[str, object]:
    """PyMySQL's arguments for what a URL of any driver of MySQL's asks for: nothing, no TLS, or a context."""
    _refuse_unknown(options, _MYSQL)
    mode = options.get("ssl_mode", "").upper()
    if mode and mode not in _MYSQL_MODES:
        raise LookupFailedError(f"the URL's ssl_mode must be one of {', '.join(_MYSQL_MODES)}: change it")
    asked = {key: value for key, value in options.items() if key in _MYSQL - {"ssl_mode"}}
    if mode == "DISABLED":
        if asked:
            raise LookupFailedError("the URL has ssl_mode DISABLED beside other ssl_ options: remove one or the other")
        return {"ssl_disabled": True}
    if mode in {"", "PREFERRED"} and not asked:
        return {}
    files = {name: asked[key] for key, name in _MYSQL_FILES.items() if key in asked}
    # with an authority and nothing else said, SQLAlchemy lets PyMySQL verify the name too
    strict = mode == "VERIFY_IDENTITY" or (bool(files) and not mode)
    identity = _said(asked, "ssl_verify_identity", "ssl_check_hostname", default=strict)
    context = ssl.create_default_context(**files)  # type: ignore[arg-type]
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # as PyMySQL: older authorities of RDS are not that strict
    context.check_hostname = identity
    verified = _said(asked, "ssl_verify_cert", default=bool(files) or mode == "VERIFY_CA")
    context.verify_mode = ssl.CERT_REQUIRED if verified or identity else ssl.CERT_NONE
    if "ssl_cert" in asked:
        context.load_cert_chain(asked["ssl_cert"], asked.get("ssl_key"), asked.get("ssl_key_password"))
    if "ssl_cipher" in asked:
        context.set_ciphers(asked["ssl_cipher"])
    return {"ssl": context}


def _refuse_unknown(options: Mapping[str, str], known: set[str]) -> None:
    strange = sorted(key for key in options if ("ssl" in key.lower() or "tls" in key.lower()) and key not in known)
    if strange:
        named = ", ".join(ascii(key) for key in strange)
        raise LookupFailedError(
            f"the URL's {named} is not understood here, and connecting without it might be less safe than it asks for:"
            f" known are {', '.join(sorted(known))}"
        )


def _said(options: Mapping[str, str], *keys: str, default: bool) -> bool:
    """Whether one of these is true; the default where none is there."""
    said = {key: _BOOLEANS.get(options[key].lower()) for key in keys if key in options}
    for key, value in said.items():
        if value is None:
            raise LookupFailedError(f"the URL's {key} must be true or false: change it")
    return any(said.values()) if said else default
