"""What a database server accepts: engines, instance classes, parameter formulas, Serverless v2, reserved slots."""

from constructs_lib.limits.engine import Reserved
from constructs_lib.limits.engines import limit_query
from constructs_lib.limits.formula import FormulaError
from constructs_lib.limits.instance_class import (
    class_names,
    current_classes,
    family_classes,
    memory_bytes_of,
    nearest_classes,
)
from constructs_lib.limits.limit import Basis, Limit
from constructs_lib.limits.precedence import limit_of
from constructs_lib.limits.reserved import reserved_slots
from constructs_lib.limits.server import Server
from constructs_lib.limits.unknown import Unknown, at_least, largest_of, sum_of
from constructs_lib.limits.version import is_version

__all__ = [
    "Basis",
    "FormulaError",
    "Limit",
    "Reserved",
    "Server",
    "Unknown",
    "at_least",
    "class_names",
    "current_classes",
    "family_classes",
    "is_version",
    "largest_of",
    "limit_of",
    "limit_query",
    "memory_bytes_of",
    "nearest_classes",
    "reserved_slots",
    "sum_of",
]
