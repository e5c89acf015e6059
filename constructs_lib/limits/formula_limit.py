"""A parameter formula, evaluated for one server."""

from typing import NamedTuple

from constructs_lib.limits.formula import Formula, variables_of
from constructs_lib.limits.formula_value import Range, bounds, derivation
from constructs_lib.limits.instance_class import vcpus_of
from constructs_lib.limits.server import Server
from constructs_lib.limits.server_memory import server_memory
from constructs_lib.limits.unknown import Unknown, quoted


class Evaluated(NamedTuple):
    """The bounds of a formula on a server, with the derivation of the lower one.

    `subject` names the server's size where the value depends on an estimate of its memory.
    """

    value: Range
    steps: tuple[str, ...]
    subject: str | None


def evaluated(formula: Formula, text: str, server: Server) -> Evaluated | Unknown:
    """Bound a formula on a server: from the memory that the database sees at least, to all of it."""
    ranges: dict[str, Range] = {}
    steps: tuple[str, ...] = ()
    subject = None
    for variable in variables_of(formula):
        if variable == "DBInstanceClassMemory":
            memory = server_memory(server)
            if isinstance(memory, Unknown):
                return memory
            ranges[variable] = Range(memory.visible.low, memory.visible.high)
            steps += memory.steps
            subject = memory.subject
        elif variable == "DBInstanceVCPU":
            vcpus = _vcpus(server)
            if isinstance(vcpus, Unknown):
                return vcpus
            ranges[variable] = Range(vcpus, vcpus)
            steps += (f"{server.instance_class} has {vcpus} vCPUs",)
        else:
            return Unknown(f"the formula {quoted(text)} uses {variable}, which is not known here; give max_connections")
    try:
        value = bounds(formula, ranges)
        steps += derivation(formula, text, {name: item.low for name, item in ranges.items()})
    except ValueError as error:
        return Unknown(f"the formula {quoted(text)} has no value: {error}")
    return Evaluated(value=value, steps=steps, subject=subject if value.low != value.high else None)


def _vcpus(server: Server) -> int | Unknown:
    if isinstance(server.instance_class, Unknown):
        return server.instance_class
    if not isinstance(server.instance_class, str):
        return Unknown("the instance class is not given, and the formula uses DBInstanceVCPU; give max_connections")
    return vcpus_of(server.instance_class)
