"""Ways out of what a finding says, with the numbers that fit: one knob a module, each tried before it is proposed."""

from constructs_lib.budget.fixes.fix import Change, Fix
from constructs_lib.budget.fixes.found_pool import found_pool
from constructs_lib.budget.fixes.ways_out import LARGEST_CLAIMS, MOST_FIXES, WaysOut, unknowns, ways_out

__all__ = ["LARGEST_CLAIMS", "MOST_FIXES", "Change", "Fix", "WaysOut", "found_pool", "unknowns", "ways_out"]
