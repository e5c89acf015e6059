"""The Celery broker."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class Broker(Construct):
    """A queue between the API and the workers, and a second one for the tasks that keep failing."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = sqs.Queue(self, "DeadLetters", enforce_ssl=True, retention_period=Duration.days(14))
        self.queue = sqs.Queue(
            self,
            "Tasks",
            enforce_ssl=True,
            # Longer than the longest task: a message that becomes visible again is run a second time.
            visibility_timeout=Duration.minutes(30),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=5),
        )
