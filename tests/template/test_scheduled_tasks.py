"""Tasks that EventBridge starts."""

from constructs_lib.limits import Unknown
from constructs_lib.template.scheduled_tasks import ScheduledTask, rule_tasks, schedule_tasks, switched_off

ECS = {"TaskDefinitionArn": {"Ref": "Tasks"}, "TaskCount": 3}
TASK = ScheduledTask(task_definition={"Ref": "Tasks"}, task_count=3, expression="rate(1 day)")


def test_a_rule_and_a_schedule_that_say_the_same_start_the_same() -> None:
    targets = [{"Arn": "queue"}, {"EcsParameters": ECS}]
    assert list(rule_tasks({"ScheduleExpression": "rate(1 day)", "Targets": targets})) == [TASK]
    assert list(schedule_tasks({"ScheduleExpression": "rate(1 day)", "Target": {"EcsParameters": ECS}})) == [TASK]


def test_a_run_starts_one_task_unless_it_says_otherwise() -> None:
    (task,) = rule_tasks({"Targets": [{"EcsParameters": {}}]})
    assert isinstance(task, ScheduledTask)
    assert (task.task_count, task.expression) == (1, None)
    (counted,) = rule_tasks({"Targets": [{"EcsParameters": {"TaskCount": {"Ref": "N"}}}]})
    assert isinstance(counted, ScheduledTask)
    assert counted.task_count == Unknown("TaskCount is Ref N")


def test_what_is_switched_off_starts_nothing_and_what_cannot_be_known_is_on() -> None:
    assert switched_off({"State": "DISABLED"})
    assert switched_off({"DesiredState": "STOPPED"})
    assert not switched_off({"State": {"Ref": "S"}})


def test_targets_that_cannot_be_read_are_unknown_and_never_none() -> None:
    computed = {"Fn::If": ["A", {"EcsParameters": ECS}, {"Ref": "AWS::NoValue"}]}
    assert list(rule_tasks({"Targets": [computed]})) == [Unknown("a target is Fn::If …")]
    assert list(rule_tasks({"Targets": {"Ref": "T"}})) == [Unknown("Targets is Ref T")]
    assert list(schedule_tasks({"Target": computed})) == [Unknown("Target is Fn::If …")]
    assert list(schedule_tasks({"Target": {"EcsParameters": {"Ref": "P"}}})) == [Unknown("EcsParameters is Ref P")]
    assert list(rule_tasks({})) == []
