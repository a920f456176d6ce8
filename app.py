"""The CDK entry: one stack per stage, synthesised without an account, a network or Docker."""

from aws_cdk import App

from infra.config import read_config
from infra.stack import FootfallStack

app = App()
config = read_config(app.node)
FootfallStack(app, f"footfall-{config.stage.name}", config=config)
app.synth()
