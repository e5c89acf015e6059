"""The kinds of workload that a document can hold, one module each."""

from collections.abc import Mapping

from constructs_lib.budget.workloads.celery import Celery, CeleryPool
from constructs_lib.budget.workloads.reservation import Reservation
from constructs_lib.budget.workloads.service import Service
from constructs_lib.budget.workloads.workload import TaskWorkload, Workload

KINDS: Mapping[str, type[Workload]] = {kind.kind: kind for kind in (Service, Celery, Reservation)}

__all__ = ["KINDS", "Celery", "CeleryPool", "Reservation", "Service", "TaskWorkload", "Workload"]
