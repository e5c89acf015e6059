"""What else runs a budgeted task definition."""

from dataclasses import replace

from constructs_lib.budget.client import Client
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.workloads import PooledWorkload
from tests.budget.orders import document, entry, findings, only

JOBS = Client(
    name="Jobs",
    type="AWS::ECS::Service",
    resource=Resource(logical_id="Jobs", template="jobs.json"),
    path="Jobs runs Tasks",
    close="its task definition",
)


def run_by(*clients: Client, workloads: tuple[str, ...] = ("api",)) -> Plan:
    read = document({name: entry(tasks=1) for name in ("api", "web")})
    changed = {}
    for name, workload in read.workloads.items():
        assert isinstance(workload, PooledWorkload)
        changed[name] = replace(workload, uncounted=clients) if name in workloads else workload
    return plan(replace(read, workloads=changed))


def test_a_second_service_on_the_task_definition_is_an_error_that_points_at_it() -> None:
    made = run_by(JOBS)
    finding = only(made, "uncounted-tasks")
    assert (finding.severity.value, finding.subject, finding.resource) == ("error", "api", JOBS.resource)
    assert finding.message == (
        "Jobs (AWS::ECS::Service) runs the task definition of api, so its tasks open the same pools at orders, and it"
        " is not in the budget: Jobs runs Tasks"
    )
    assert "give Jobs a task definition of its own" in finding.fix
    assert not made.fits


def test_of_a_task_definition_that_two_workloads_share_it_is_said_once() -> None:
    assert len(findings(run_by(JOBS, workloads=("api", "web")), "uncounted-tasks")) == 1


def test_where_everything_that_runs_it_is_counted_there_is_nothing_to_say() -> None:
    assert findings(run_by(), "uncounted-tasks") == []
