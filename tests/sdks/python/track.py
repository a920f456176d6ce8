"""Drives customerio: the Track API of Customer.io, over TLS."""

from customerio import CustomerIO

from tests.sdks.python.calls import call, read_task, tell

if __name__ == "__main__":
    task = read_task()
    client = CustomerIO("any site", task.key, host=task.host, port=task.port)
    # What the SDK returns is an answer of requests; its status is what there is to see.
    tell(lambda: (answer.status_code for answer in call(client, task)))
