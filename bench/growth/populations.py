"""Stores with a past: customers who have long been there, and what one of them has done."""

from copy import copy
from datetime import datetime, timedelta
from typing import Any, cast

from moto.dynamodb.models.dynamo_type import DynamoType, Item

from bench.pipeline.cloud import Pipeline
from footfall.aws.identities import read_identities
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.strict_json import dump_json
from footfall.http.routes import CREATE_EVENT
from footfall.settings import Setting
from tests.long_histories import decided_on, history, put_on_the_timeline
from tests.moto_cloud import moto_table
from tests.proxy_events import STORE

_BETWEEN_PURCHASES = timedelta(minutes=10)
_TABLES_BY_CUSTOMER = (
    Setting.IDENTITIES_TABLE,
    Setting.CUSTOMERS_TABLE,
    Setting.SEGMENT_STATES_TABLE,
)


def live_through(cloud: Pipeline, address: str, purchases: int, *, until: datetime) -> None:
    """Let a new customer have made so many purchases, and be decided on them."""
    introduction = {"eventName": "introduced", "customer": {"email": address}}
    cloud.accept(CREATE_EVENT, dump_json(introduction))
    cloud.store()
    email = Identifier(IdentifierKind.EMAIL, address)
    customer_id = read_identities(STORE, [email])[email]
    past = history("purchase_completed", purchases, until=until, apart=_BETWEEN_PURCHASES)
    put_on_the_timeline(past, customer_id)
    decided_on(past, customer_id, until)
    cloud.overlook()


def multiply(number: int) -> None:
    """Put so many copies of a customer who is there into every table that has an item for each.

    Straight into moto, as a hundred thousand requests would take long.
    """
    for setting in _TABLES_BY_CUSTOMER:
        items = moto_table(setting).items
        form = cast("Item", next(iter(items.values())))
        for place in range(number):
            key = DynamoType({"S": f"{STORE}#copy-{place}"})
            item = copy(form)
            item.hash_key = key
            item.attrs = copy(form.attrs)
            dict.__setitem__(item.attrs, "pk", key)
            items[key] = cast("Any", item)  # as in every table without a sort key
