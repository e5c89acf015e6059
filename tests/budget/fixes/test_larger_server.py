"""What lets a server accept more."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes import larger_server
from constructs_lib.budget.tally import tally

POSTGRES = {"engine": "postgres", "engine_version": "16.4", "instance_class": "db.r6g.large"}
AURORA = {"engine": "aurora-postgresql", "instance_class": "db.serverless", "min_acu": 2}
GROUP = "raise max_connections in the parameter group, as far as the memory allows"
LOOKED_UP = {"looked_up": "2026-11-01", "engine": "postgres", "max_connections": 900, "role_connection_limit": 50}
OF_ONE_CLASS = {**LOOKED_UP, "instance_class": "db.r6g.large"}


@pytest.mark.parametrize(
    ("database", "words"),
    [
        (POSTGRES, "use a larger instance class"),
        ({**POSTGRES, "parameter_max_connections": "{DBInstanceClassMemory/9531392}"}, "use a larger instance class"),
        ({**POSTGRES, "parameter_max_connections": 200}, GROUP),
        ({**POSTGRES, "parameter_max_connections": "LEAST({DBInstanceClassMemory/9531392},100)"}, GROUP),
        ({**POSTGRES, "instance_class": "db.r6g.16xlarge"}, GROUP),  # the formula ends at 5000 of any class
        ({**POSTGRES, "max_connections": 683}, "use a larger instance class and declare what it accepts"),
        ({"max_connections": 683}, "use a larger instance class and declare what it accepts"),
        ({**POSTGRES, "parameter_per_role": 40}, "raise the max_user_connections of the parameter group"),
        ({**POSTGRES, "facts": OF_ONE_CLASS}, "raise the CONNECTION LIMIT of the role"),
        ({**AURORA, "max_acu": 4}, "raise the maximum capacity (max_acu)"),
        ({**AURORA, "max_acu": 256}, GROUP),
        ({"max_connections": {"unknown": "Ref Most"}}, "give a max_connections that is known"),
    ],
)
def test_a_larger_server_is_more_of_whatever_decides_the_limit(database: dict[str, Any], words: str) -> None:
    read = Document.read({"schema": 1, "databases": {"orders": {**database, "reserved": {"engine": 3, "admin": 10}}}})
    assert larger_server(tally(read).databases["orders"]) == words
