"""The example app: a shop whose API and Celery workers share one PostgreSQL database."""

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from example.data_stack import DataStack
from example.services_stack import ServicesStack
from example.settings import Settings

app = App()
settings = Settings.from_context(app.node)

data = DataStack(app, "ShopData", with_proxy=settings.proxy)
ServicesStack(
    app, "ShopServices", vpc=data.network.vpc, database=data.database, proxy=data.proxy, overcommit=settings.overcommit
)

Validations.of(app).add_plugins(AwsSolutionsChecks())

app.synth()
