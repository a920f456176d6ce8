"""Compare and swap: an item is replaced only while it is what was read."""

from typing import TYPE_CHECKING

from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import to_item

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


def swap(
    table: str, item: "dict[str, AttributeValueTypeDef]", attribute: str, present: object
) -> None:
    """Put the item in the place of the one that was read.

    Args:
        attribute: tells one state of the item from another.
        present: what it was when the item was read, or None when there was no item.

    Raises:
        ConflictError: when somebody else has changed or created the item since.
    """
    with translated_errors("dynamodb.PutItem"):
        if present is None:
            dynamodb().put_item(
                TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        else:
            dynamodb().put_item(
                TableName=table,
                Item=item,
                ConditionExpression="#attribute = :present",
                ExpressionAttributeNames={"#attribute": attribute},
                ExpressionAttributeValues=to_item({":present": present}),
            )
