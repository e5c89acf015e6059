"""How many tasks of a service can be alive at once."""

from enum import Enum
from typing import NamedTuple

from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.limits import Unknown


class Deployment(str, Enum):
    """How ECS replaces the tasks of a service."""

    ROLLING = "rolling"
    BLUE_GREEN = "blue-green"
    LINEAR = "linear"
    CANARY = "canary"
    CODE_DEPLOY = "code-deploy"
    EXTERNAL = "external"
    """Task sets that a controller of the user's own creates; only it knows how many."""


class Fleet(NamedTuple):  # every workload has one, and a frozen dataclass takes three times as long to make
    """The tasks of one ECS service: what it desires, how far it scales, how it deploys."""

    tasks: int | Unknown
    """Desired count."""
    max_tasks: int | Unknown | None
    """The most that autoscaling or a schedule can ask for; None where nothing scales the service."""
    max_tasks_declared: bool
    """Whether `max_tasks` is the user's word, which also bounds a desired count that cannot be read."""
    maximum_percent: int | Unknown
    deployment: Deployment | Unknown
    task_sets: int | None = None
    """Sets of tasks that an external controller runs at once."""

    @property
    def sets(self) -> int | Unknown:
        """Sets of tasks at once, each of the full number, under a deployment that is not rolling."""
        if self.deployment is not Deployment.EXTERNAL:
            return 2
        return self.task_sets or Unknown("the deployment controller is EXTERNAL and task_sets is not given")

    def live(self) -> PerScenario | Unknown:
        """Tasks alive in each scenario, worst case.

        A rolling deployment runs up to floor(max × maximumPercent / 100) tasks, because scale-in is suspended while
        it lasts; blue/green, linear and canary deployments run both sets until the bake ends (Amazon ECS Developer
        Guide, "Amazon ECS service deployment controllers and strategies"). A rollback, the circuit breaker's too, is
        one more deployment within the same bound: what it starts replaces what it stops.
        """
        tasks, max_tasks = self.tasks, self.max_tasks
        if isinstance(max_tasks, Unknown):
            return max_tasks
        if isinstance(tasks, Unknown):
            if max_tasks is None or not self.max_tasks_declared or max_tasks < tasks.at_least:
                return tasks
            tasks = max_tasks
        most = tasks if max_tasks is None else max(tasks, max_tasks)
        deployment, percent = self.deployment, self.maximum_percent
        if isinstance(deployment, Unknown):
            return deployment
        if deployment is not Deployment.ROLLING:
            return self.sets if isinstance(self.sets, Unknown) else PerScenario(tasks, most, self.sets * most)
        if isinstance(percent, Unknown):
            return percent
        return PerScenario(tasks, most, max(most, most * percent // 100))

    def arithmetic(self, scenario: Scenario) -> str:
        """The tasks of a scenario as a product, such as `8 tasks × 200 %`; only for a fleet whose `live` is known."""
        live = self.live()
        if isinstance(live, Unknown):
            return "unknown tasks"
        if scenario is not Scenario.DEPLOYING:
            return _counted(live[scenario], "task")
        most = _counted(live.scaled_out, "task")
        if self.deployment is not Deployment.ROLLING:
            return f"{self.sets} × {most}"
        if isinstance(self.maximum_percent, Unknown) or self.maximum_percent <= 100:  # noqa: PLR2004 - a whole is 100 %
            return most
        exact = live.scaled_out * self.maximum_percent % 100 == 0
        product = f"{most} × {self.maximum_percent} %"
        return product if exact else f"floor({product})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
