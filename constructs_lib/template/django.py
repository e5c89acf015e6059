"""Django, which keeps a connection in each thread that has asked for one, and has no pool unless it is told of one.

Source: Django documentation, "Databases", Persistent connections and Connection pool.
"""

from collections.abc import Sequence

from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Variables
from constructs_lib.template.started import Count
from constructs_lib.template.wrappers import base

SETTINGS = "DJANGO_SETTINGS_MODULE"
GREENLETS = 1000
"""What gunicorn serves at once in a worker of one of the green classes (gunicorn documentation, "Settings")."""
_GREEN = {"gevent", "eventlet"}
_THREADED = {"sync", "gthread"}
_MANAGE = {"manage.py", "django-admin"}
_ALONE = frozenset(
    (
        *("check", "clearsessions", "collectstatic", "compilemessages", "createcachetable", "createsuperuser"),
        *("dumpdata", "flush", "loaddata", "makemigrations", "migrate", "remove_stale_contenttypes"),
        *("sendtestemail", "showmigrations", "sqlmigrate"),
    )
)
"""Commands of Django's own that do one thing after the other, in one thread; of others nobody knows here."""


def runs(variables: Variables) -> bool:
    """Whether variables say that Django runs."""
    return SETTINGS in variables


def runs_alone(words: Sequence[str]) -> bool:
    """Whether a command is one of Django's own that has a single connection, such as `python manage.py migrate`."""
    for place, word in enumerate(words[:-1]):
        if base(word) in _MANAGE:
            return words[place + 1] in _ALONE
    return False


def requests_at_once(server: str, classes: Sequence[str], *, threaded: bool) -> Count:
    """The requests that a worker serves at once, where nothing says how many threads it has.

    `classes` are the worker classes that it is given; None where one of them is not known.
    """
    if any(name in _GREEN for name in classes):
        return GREENLETS
    if not threaded or any("uvicorn" in name for name in classes):
        return Unknown(f"{server} serves any number of requests at once")
    return 1 if all(name in _THREADED for name in classes) else None
