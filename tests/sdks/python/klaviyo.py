"""Drives klaviyo-api, in any of its versions."""

from klaviyo_api import KlaviyoAPI

from tests.sdks.python.calls import call, read_task, tell

if __name__ == "__main__":
    task = read_task()
    client = KlaviyoAPI(task.key, test_host=task.url)
    tell(lambda: call(client, task))
