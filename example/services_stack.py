"""What a release replaces: the API, the workers and the migration."""

from aws_cdk import Acknowledgment, CfnParameter, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_rds as rds
from constructs import Construct

from constructs_lib import ConnectionBudget
from example.api import Api
from example.broker import Broker
from example.database import Database
from example.load_balancer import LoadBalancer
from example.migration import Migration
from example.workers import Workers


class ServicesStack(Stack):
    """The processes that share the database, and what each of them may reach."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        database: Database,
        proxy: rds.DatabaseProxy | None,
        overcommit: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        certificate_arn = CfnParameter(
            self, "CertificateArn", description="ARN of the certificate of the shop's domain"
        )

        # Stands for the image that your pipeline builds.
        image = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/python:3.13-slim")

        self.cluster = ecs.Cluster(self, "Cluster", vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
        self.broker = Broker(self, "Broker")
        to_broker = {"CELERY_BROKER_URL": "sqs://", "CELERY_QUEUE_URL": self.broker.queue.queue_url}
        to_database = {
            "DB_HOST": database.instance.db_instance_endpoint_address,
            "DB_PORT": "5432",
            "DB_NAME": database.name,
        }
        secrets = {
            "DB_USER": ecs.Secret.from_secrets_manager(database.credentials, "username"),
            "DB_PASSWORD": ecs.Secret.from_secrets_manager(database.credentials, "password"),
        }

        api_environment = {**to_database, **to_broker}
        if proxy is not None:
            api_environment["DB_HOST"] = proxy.endpoint
        self.api = Api(self, "Api", cluster=self.cluster, image=image, environment=api_environment, secrets=secrets)
        self.api.service.connections.allow_to(proxy or database.instance, ec2.Port.POSTGRES)
        self.broker.queue.grant_send_messages(self.api.task_definition.task_role)

        self.load_balancer = LoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            certificate=elbv2.ListenerCertificate.from_arn(certificate_arn.value_as_string),
            target_port=Api.PORT,
        )
        self.load_balancer.targets.add_target(self.api.service)

        self.workers = Workers(
            self,
            "Workers",
            cluster=self.cluster,
            image=image,
            environment={**to_database, **to_broker},
            secrets=secrets,
        )
        self.workers.service.connections.allow_to(database.instance, ec2.Port.POSTGRES)
        self.broker.queue.grant_send_messages(self.workers.task_definition.task_role)
        self.broker.queue.grant_consume_messages(self.workers.task_definition.task_role)

        self.migration = Migration(
            self, "Migration", cluster=self.cluster, image=image, environment=to_database, secrets=secrets
        )
        self.migration.security_group.connections.allow_to(database.instance, ec2.Port.POSTGRES)

        for task_definition in (
            self.api.task_definition,
            self.workers.task_definition,
            self.migration.task_definition,
        ):
            Validations.of(task_definition).acknowledge(
                Acknowledgment(
                    id="AwsSolutions::AwsSolutions-ECS2",
                    reason="Only names, endpoints and pool settings are plain; credentials come from Secrets Manager.",
                )
            )

        self.budget = ConnectionBudget(self, "Budget", database=database.instance)
        self.budget.add_service(
            "api",
            service=self.api.service,
            processes_per_task=Api.PROCESSES,
            proxy=proxy,
            # What many teams start from: a pool that suits one process, and that nobody has multiplied.
            pool_size=20 if overcommit else None,
            max_overflow=30 if overcommit else None,
        )
        self.budget.add_celery_workers("workers", service=self.workers.service, concurrency=Workers.CONCURRENCY)
        self.budget.add_reservation("migration", connections=1, client=self.migration.task_definition)
