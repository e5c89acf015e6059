"""Web servers whose worker processes are read from their arguments and their variables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from constructs_lib.limits import Unknown
from constructs_lib.template import django
from constructs_lib.template.arguments import first_setting, given, is_another, most, stray, values
from constructs_lib.template.environment import Variables, variable
from constructs_lib.template.shell import ShellError, split
from constructs_lib.template.started import Count, Started
from constructs_lib.template.unread_counts import threads_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServer:
    """How a server is told the number of its workers: by options, by a file, then by variables."""

    name: str
    options: tuple[str, ...]
    """The options that say it; the last one is what messages call it."""
    flags: str = ""
    """Short options without a value, which may stand before another in one word."""
    more: str | None = None
    """A variable with more arguments."""
    files: tuple[str, ...] = ()
    """Options that name a file with settings, which wins over variables."""
    settings: tuple[str, ...] = ()
    """Variables that say it."""
    daemon: tuple[str, ...] = ()
    """Options that let it run on in the background."""
    default: int | None = None
    """How many it is documented to start where nothing says it; one, unless there is a number."""
    commands: tuple[str, ...] = ()
    """Those of its commands that start workers, where any other is one process."""
    handed: tuple[str, ...] = ()
    """Options whose value is further arguments."""
    every_cpu: tuple[str, ...] = ()
    """Options that let it start one for every CPU."""
    setting: str | None = None
    """An option whose value is another option, as in `--set processes=8`."""
    threaded: bool = False
    """Whether a worker serves one request at a time in each of its threads, unless it is told otherwise."""
    otherwise: tuple[str, ...] = ()
    """Options that tell it otherwise."""

    def started(self, arguments: Sequence[str], variables: Variables) -> Started:
        """What the server starts with these arguments."""
        if self.commands and is_another(arguments, self.commands):
            return Started(program=True, web=True, server=self.name)
        if self.setting or self.handed:
            arguments = [*arguments, *self._further(arguments)]
        number, source = self.workers(arguments, variables)
        words = {} if number is None else {"processes": f"{self.name} {source}{number}"}
        lasting = given(arguments, self.daemon, self.flags)
        more = self._more(variables)
        said = [*arguments, *([] if isinstance(more, Unknown) else more)]
        threads = threads_of(said, variables)
        if threads is None and django.runs(variables) and self._only_told_here(arguments, more):
            classes = list(values(said, ("-k", "--worker-class"), self.flags))
            threads = django.requests_at_once(self.name, classes, threaded=self.threaded)
        return Started(
            program=True,
            web=True,
            server=self.name,
            processes=number,
            threads=threads,
            per_thread=django.runs(variables),
            lasting=lasting,
            words=words,
        )

    def _only_told_here(self, arguments: Sequence[str], more: Sequence[str] | Unknown) -> bool:
        """Whether nothing else may say how many requests a worker serves at once."""
        told = isinstance(more, Unknown) or stray(arguments) or given(arguments, self.otherwise, self.flags)
        return not told and not self._file(arguments) and not self._file(() if isinstance(more, Unknown) else more)

    def workers(self, arguments: Sequence[str], variables: Variables) -> tuple[Count, str]:
        """Their number, None where nothing says it, and the words for where it stands."""
        option = self.options[-1]
        if (doubt := self._doubt(arguments)) is not None:
            return doubt, ""
        if said := list(values(arguments, self.options, self.flags)):
            return most(said, f"{option} of {self.name}", variables), f"{option} "
        more = self._more(variables)
        if isinstance(more, Unknown):
            return more, ""
        if said := list(values(more, self.options, self.flags)):
            return most(said, f"{self.more} {option} of {self.name}", variables), f"{self.more} {option} "
        found = None if self._file(arguments) or self._file(more) else first_setting(self.settings, variables)
        if found is not None:
            return found[0], f"with {found[1]}="
        return self._unless_told(arguments, more)

    def _doubt(self, arguments: Sequence[str]) -> Unknown | None:
        """Why no option is believed."""
        if stray(arguments):
            return Unknown(f"an argument of {self.name} is computed, and may set {self.options[-1]}")
        if self.every_cpu and given(arguments, self.every_cpu):
            return Unknown(f"{self.every_cpu[-1]} of {self.name} starts one for every CPU of the host,")
        return None

    def _unless_told(self, arguments: Sequence[str], more: Sequence[str]) -> tuple[Count, str]:
        """Their number where no argument and no variable says it."""
        if self._file(arguments) or self._file(more):
            return Unknown(
                f"the workers of {self.name} may be set in its configuration file, which no template shows"
                " (processes_per_task says how many, or processes in a connection-budget.yml),"
            ), ""
        return self.default, f"without {self.options[-1]}, so with "

    def _more(self, variables: Variables) -> list[str] | Unknown:
        value = variable(variables, self.more) if self.more else None
        if value is None:
            return []
        if isinstance(value, Unknown):
            return Unknown(f"{self.more}: {value.reason}")
        try:
            more = split(value)
        except ShellError as error:
            return Unknown(f"{self.more}: {error}")
        return Unknown(f"{self.more} is computed in part") if stray(more) else more

    def _further(self, arguments: Sequence[str]) -> list[str]:
        """The arguments that stand in the values of options."""
        settings = [f"--{value}" for value in values(arguments, [self.setting] if self.setting else [])]
        return [*settings, *(word for value in values(arguments, self.handed) for word in value.split())]

    def _file(self, arguments: Sequence[str]) -> bool:
        suffixes = tuple(name for name in self.files if name[0] == ".")
        return given(arguments, self.files, self.flags) or any(
            word.endswith(suffixes) for word in arguments if suffixes
        )


_SERVERS = (
    WebServer(
        name="gunicorn",
        options=("-w", "--workers"),
        flags="RDv",
        more="GUNICORN_CMD_ARGS",
        files=("-c", "--config", "--paste", "--paster"),
        settings=("WEB_CONCURRENCY",),
        daemon=("-D", "--daemon"),
        threaded=True,
    ),
    WebServer(name="uvicorn", options=("--workers",), settings=("UVICORN_WORKERS", "WEB_CONCURRENCY")),
    WebServer(name="fastapi", options=("--workers",), settings=("WEB_CONCURRENCY",)),
    WebServer(
        name="hypercorn", options=("-w", "--workers"), flags="D", files=("-c", "--config"), daemon=("-D", "--daemon")
    ),
    WebServer(name="granian", options=("--workers",), settings=("GRANIAN_WORKERS",)),
    WebServer(
        name="uwsgi",
        options=("-p", "--workers", "--processes"),
        flags="MTCiL",
        files=(
            "--ini",
            "--xml",
            "--yaml",
            "--yml",
            "--json",
            "-x",
            "-y",
            "-j",
            ".ini",
            ".xml",
            ".yaml",
            ".yml",
            ".json",
        ),
        settings=("UWSGI_WORKERS", "UWSGI_PROCESSES"),
        daemon=("-d", "--daemonize", "--daemonize2"),
        setting="--set",
        threaded=True,
        otherwise=("--gevent", "--async", "--ugreen", "--asyncio", "--greenlet", "--enable-threads"),
    ),
    WebServer(name="puma", options=("-w", "--workers"), files=("-C", "--config"), settings=("WEB_CONCURRENCY",)),
    *(
        WebServer(
            name=name,
            options=("worker_processes",),  # of the file alone
            files=("-c", "--config-file"),
            settings=("WEB_CONCURRENCY",),
            daemon=("-D", "--daemonize"),
        )
        for name in ("unicorn", "unicorn_rails")
    ),
    WebServer(name="litestar", options=("-W", "--wc", "--web-concurrency"), settings=("WEB_CONCURRENCY",)),
    WebServer(
        name="mlflow",
        options=("-w", "--workers"),
        settings=("MLFLOW_WORKERS",),
        default=4,  # MLflow documentation, "Command-Line Interface"
        commands=("server", "ui"),
        handed=("--gunicorn-opts",),
    ),
    WebServer(name="sanic", options=("-w", "--workers"), settings=("WEB_CONCURRENCY",), every_cpu=("--fast",)),
)
WEB_SERVERS = {server.name: server for server in _SERVERS}
"""By the name of the program."""


TOLD_BY = ("WEB_CONCURRENCY", "SERVER_WORKER_AMOUNT", "KONG_NGINX_WORKER_PROCESSES")
"""Variables that say the number of workers whatever the command is: of many servers, of Superset's, and of Kong."""


def told(variables: Variables) -> Iterator[tuple[int | Unknown, str]]:
    """Each number of workers that variables say of whichever server may run, and the words for where it stands."""
    for name in TOLD_BY:
        if name in variables and (found := first_setting((name,), variables)):
            yield found[0], f"with {name}="
    for server in _SERVERS:
        if server.more is not None and server.more in variables:
            number, source = server.workers((), {server.more: variables[server.more]})
            if number is not None:
                yield number, f"with {source}"
