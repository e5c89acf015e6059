"""What can be open while one budget is deployed over another: old tasks with old pools beside new tasks with new ones.

Services deploy in any order and at any pace, so each counts at its own worst, whatever the others do. For one service,
let M₀ and M₁ be the most tasks that the old and the new budget run, c₀ and c₁ the connections of one task.

- ECS lets old and new tasks together be at most L = floor(M × P / 100), where M is the larger maximum and P the larger
  maximumPercent, at least M; both sets in full, 2 × M, in blue/green, linear and canary deployments (Amazon ECS
  Developer Guide, "Amazon ECS service deployment controllers and strategies").
  Where nothing scales the service, a lower desired count comes with the new task definition, in one call: ECS starts
  a new task only while old and new ones, stopping ones too, leave room for it within the new count, so M is M₁. Old
  tasks alone may still be M₀: that is the old budget's own peak.
- Of the old ones there are o ≤ M₀: nothing starts old tasks beyond what was wanted of them. A failed deployment that
  ECS rolls back by itself is a mix of the same kind.
- Of the new ones there are n ≤ N. N = M₁ where the desired count alone decides, for it changes with the task
  definition. Where the service scales, N = max(M₀, M₁): CloudFormation changes the scalable target after the service
  that it refers to, so a lower maximum comes into force only when the new tasks already run.

The worst mix is the largest o × c₀ + n × c₁ with o ≤ M₀, n ≤ N and o + n ≤ L: as many as there can be of the kind that
costs more, and of the other what room remains. Before and after the change each budget also has its own peak, so
a service counts at the largest of the three. What is in one of the budgets only counts at its peak there; so does,
at both places, what moves from one database or proxy to another, or becomes another kind of workload.

- A Lambda function: the instances of all its versions together are at most its reserved concurrency (AWS Lambda
  Developer Guide, "Configuring reserved concurrency for a function"), which changes before or after the code does:
  L = M₀ and M₁ at the larger of the two.
- Tasks of a schedule, or of nobody's: a run that has begun goes on with its old pools while runs with new ones begin,
  as many at once as `overlap` says of any runs: o ≤ M₀, n ≤ M₁ and L = M₀. Where tasks or overlap change, so does
  what starts them, and nothing bounds both together: L = M₀ + M₁.

An entry is what it was if it stands for the same resource, whatever its name; see `pairs`. A service whose resource is
another is replaced: CloudFormation runs the new one before it deletes the old one, and both fleets count in full; so do
two proxies. A database whose resource is another is another server: new tasks alone are connected to it. The
instances of an Aurora cluster are no exception to the name, for the cluster's endpoint moves from one to the other.

The server, too, may be the old or the new one at any moment, with its own max_connections; a proxy has the larger of
its two percentages at the server, and the smaller for its clients. Both servers must hold.

Where the old budget alone can have more open than its server accepts, no way out of it holds, for the old tasks are
there at first. Such a change is `deployable` with a warning if it ends in a budget that holds and every sum that does
not hold is no worse than what is deployed: no more connections than the old budget's own peak, and no fewer accepted.
"""

from constructs_lib.budget.transition.bound import Bound
from constructs_lib.budget.transition.counterparts import Counterpart, counterparts
from constructs_lib.budget.transition.transition import Passage, Transition, deployable, passage, servers, transition

__all__ = [
    "Bound",
    "Counterpart",
    "Passage",
    "Transition",
    "counterparts",
    "deployable",
    "passage",
    "servers",
    "transition",
]
