"""Ways out of what a finding says, with the numbers that fit: one knob a module, each tried before it is proposed."""

from constructs_lib.budget.fixes.case import part_of
from constructs_lib.budget.fixes.fix import Change, Fix
from constructs_lib.budget.fixes.found_pool import found_pool
from constructs_lib.budget.fixes.larger_server import larger_server
from constructs_lib.budget.fixes.no_single_change import ceilings
from constructs_lib.budget.fixes.problem import (
    CLIENTS,
    LIMIT,
    NO_ROOM,
    OVERDRAWN,
    PERCENT,
    SUM,
    TASKS,
    UNBOUNDED,
    about,
)
from constructs_lib.budget.fixes.ways_out import LARGEST_CLAIMS, MOST_FIXES, WaysOut, unknowns, ways_out

__all__ = [
    "CLIENTS",
    "LARGEST_CLAIMS",
    "LIMIT",
    "MOST_FIXES",
    "NO_ROOM",
    "OVERDRAWN",
    "PERCENT",
    "SUM",
    "TASKS",
    "UNBOUNDED",
    "Change",
    "Fix",
    "WaysOut",
    "about",
    "ceilings",
    "found_pool",
    "larger_server",
    "part_of",
    "unknowns",
    "ways_out",
]
