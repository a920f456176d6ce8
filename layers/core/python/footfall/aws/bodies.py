"""The bucket that holds JSON texts too large for a queue or a table."""

from footfall.aws.clients import s3, translated_errors
from footfall.settings import Setting, read_setting


def write_body(key: str, text: str) -> None:
    """Put a text into the bucket; writing it again changes nothing.

    Raises:
        TransientError: when it is not known to be there.
    """
    with translated_errors("s3.PutObject"):
        s3().put_object(
            Bucket=read_setting(Setting.BODIES_BUCKET),
            Key=key,
            Body=text.encode(),
            ContentType="application/json",
        )


def read_body(key: str) -> str:
    """Return a text from the bucket.

    Raises:
        MissingError: when there is none under this key.
        TransientError: when S3 does not answer.
    """
    with translated_errors("s3.GetObject"):
        response = s3().get_object(Bucket=read_setting(Setting.BODIES_BUCKET), Key=key)
        return response["Body"].read().decode()


def delete_body(key: str) -> None:
    """Take a text out of the bucket; it is no error when there is none.

    Raises:
        TransientError: when it is not known to be gone.
    """
    with translated_errors("s3.DeleteObject"):
        s3().delete_object(Bucket=read_setting(Setting.BODIES_BUCKET), Key=key)
