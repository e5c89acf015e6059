"""Why a workload counts that nobody declared."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.budget.workloads import Workload


def evidence(workload: Workload, document: Document) -> str | None:
    """Such as `Api connects to Orders: DB_HOST of container 'api'`; None where it was not discovered."""
    if workload.evidence is None:
        return None
    through = f" through {workload.proxy}" if workload.proxy is not None else ""
    return f"{workload.name} connects to {document.database_of(workload)}{through}: {workload.evidence}"


def nothing(to: str, uncounted: int) -> str:
    """That no client of a database is counted, and of how many that is no sign that there is none."""
    if not uncounted:
        return f"nothing was found that connects{to}"
    others = "1 client is not" if uncounted == 1 else f"{uncounted} clients are not"
    return f"nothing is counted that connects{to} ({others}: see unbudgeted-client)"


def evidence_of(database: DatabaseTally, document: Document, uncounted: int) -> Iterator[str]:
    """That of each workload, in the order of the table; of a database without any, that there is none."""
    if not database.clients:
        yield nothing(f" to {database.name}", uncounted)
    for client in database.clients:
        if (words := evidence(client.workload, document)) is not None:
            yield words
