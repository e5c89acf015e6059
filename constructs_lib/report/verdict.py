"""Whether a database holds its connections, in one sentence."""

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.tally import DatabaseTally


def verdict(database: DatabaseTally) -> str:
    """Such as `FITS: at most 664 of 670 connections (steady), 6 to spare`."""
    usable, peak = database.capacity.usable, database.total.peak
    scenario = Scenario(database.total.index(peak)).title
    if database.holds:
        return f"FITS: at most {peak} of {usable} connections ({scenario}), {database.headroom} to spare"
    if usable is None:
        return "CANNOT BE SHOWN TO FIT: max_connections is unknown"
    if peak > usable:
        return f"DOES NOT FIT: {peak} connections ({scenario}), {usable} usable, {peak - usable} too many"
    if not database.complete:
        return "CANNOT BE SHOWN TO FIT: not every workload has a number"
    return "DOES NOT FIT: a proxy, or the reserves, take more than there is"
