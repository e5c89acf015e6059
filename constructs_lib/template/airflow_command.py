"""The command line of Airflow: its web servers, and its scheduler, which may run the tasks itself.

Source: Airflow documentation, "Configuration Reference" and "Local Executor".
"""

from collections.abc import Sequence

from constructs_lib.limits import Unknown, sum_of
from constructs_lib.template.arguments import first_setting, given, most, stray, values
from constructs_lib.template.celery_command import celery
from constructs_lib.template.environment import Variables, variable
from constructs_lib.template.shell import computed
from constructs_lib.template.started import Started

_EXECUTOR = "AIRFLOW__CORE__EXECUTOR"
_PARALLELISM = ("AIRFLOW__CORE__PARALLELISM",)
_AT_ONCE = 32
_WORKERS = {"webserver": "AIRFLOW__WEBSERVER__WORKERS", "api-server": "AIRFLOW__API__WORKERS"}
"""By the command of a web server, the variable that says how many workers it has."""
_FOUR = 4
"""Workers of the web server, and of the API server of Airflow 3.0; later ones have less."""


def airflow(arguments: Sequence[str], variables: Variables) -> Started:
    """What a command of Airflow starts."""
    if "celery" in arguments:
        return celery(arguments, variables)
    if any(map(computed, arguments[:1])):
        return _of("what airflow runs", Unknown("what airflow runs is computed"))
    if "standalone" in arguments:
        return _of("airflow standalone", Unknown("airflow standalone starts several programs"))
    for command, setting in _WORKERS.items():
        if command in arguments:
            return _web_server(command, setting, arguments, variables)
    return _scheduler(variables) if "scheduler" in arguments else Started(program=True, web=True, server="airflow")


def _of(words: str, processes: int | Unknown) -> Started:
    return Started(program=True, web=True, server="airflow", processes=processes, words={"processes": words})


def _web_server(command: str, setting: str, arguments: Sequence[str], variables: Variables) -> Started:
    what = f"airflow {command}"
    if stray(arguments):
        return _of(what, Unknown(f"an argument of {what} is computed, and may set --workers"))
    options = ("-w", "--workers")
    if given(arguments, options):
        number = most(list(values(arguments, options)), f"--workers of {what}", variables)
        return _of(f"{what} --workers {number}", number)
    if (found := first_setting((setting,), variables)) is not None:
        return _of(f"{what} with {found[1]}={found[0]}", found[0])
    return _of(f"{what} without --workers, so with {_FOUR}", _FOUR)


def _scheduler(variables: Variables) -> Started:
    """The scheduler, with the processes in which it runs tasks, where its executor is a local one."""
    executor = variable(variables, _EXECUTOR)
    if not isinstance(executor, str):
        why = "is not set" if executor is None else f"cannot be read, for {executor.reason}"
        return _of(
            "airflow scheduler",
            Unknown(f"{_EXECUTOR} {why}, and with LocalExecutor the scheduler starts {_PARALLELISM[0]} processes"),
        )
    if "Local" not in executor:
        return Started(program=True, web=True, server="airflow")
    number, said = first_setting(_PARALLELISM, variables) or (_AT_ONCE, "")
    beside = f"{said}={number}" if said else f"parallelism {number}"
    return _of(f"airflow scheduler with LocalExecutor, {beside}", sum_of([1, number]))
