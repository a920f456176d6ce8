"""`footfall dlq`: what could not be stored, why, and another try."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli.cloud import Output, open_cloud
from cli.dead_letter_queue import DeadLetter, receive_letters, release, send_back
from cli.options import StackOption
from cli.screen import console, counted, print_hint, print_table
from footfall.aws.clients import sqs
from footfall.errors import PermanentError

app = typer.Typer(no_args_is_help=True)


class UnknownLetterError(PermanentError):
    """The queue holds no letter of that id."""


@app.command("list")
def show(
    limit: Annotated[int, typer.Option(min=1, help="How many to show at most.")] = 100,
    stack: StackOption = None,
) -> None:
    """List the dead letters. They stay where they are."""
    cloud = open_cloud(stack)
    letters: list[DeadLetter] = []
    try:
        for received in receive_letters():
            letters += received
            if len(letters) >= limit:
                break
    finally:
        release(letters)
    if letters:
        print_table(
            ("Age", "Store", "Event", "Id", "Reason"),
            [_row(one) for one in sorted(letters, key=lambda one: one.sent_at)[:limit]],
        )
        print_hint(f"Once the reason is gone: footfall dlq redrive ID{cloud.option}, or --all")
    else:
        console.print("No dead letters.")
    _mention_stream_failures(cloud.output(Output.STREAM_FAILURES_QUEUE_URL))


@app.command()
def redrive(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids as `footfall dlq list` shows them."),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every letter that is there now.")] = False,
    stack: StackOption = None,
) -> None:
    """Send dead letters back to be processed again. What is stored already stays as it is."""
    wanted = set(ids or [])
    if every == bool(wanted):
        raise typer.BadParameter("Name the letters to send back, or say --all.")
    open_cloud(stack)
    begin = datetime.now(UTC)
    held: list[DeadLetter] = []
    sent: list[DeadLetter] = []
    try:
        for received in receive_letters():
            held += received
            for letter in received:
                # A letter that dies again while this runs is new: it waits for the next redrive.
                is_old = letter.sent_at < begin
                if is_old and (every or any(map(letter.answers_to, wanted))):
                    send_back(letter)
                    sent.append(letter)
                    held.remove(letter)
    finally:
        release(held)
    console.print(f"[green]{counted(len(sent), 'letter')} sent back[/] to be processed again.")
    missing = [one for one in wanted if not any(letter.answers_to(one) for letter in sent)]
    if missing:
        raise UnknownLetterError(f"No dead letter has the id {', '.join(sorted(missing))}.")


def _row(letter: DeadLetter) -> tuple[str, ...]:
    names = sorted(set(letter.event_names))
    match len(letter.event_ids):
        case 0:
            event = "(large, in S3)" if letter.store_id else "(unreadable)"
        case 1:
            event = names[0]
        case count:
            event = f"{count} events: {', '.join(names)}"
    return (
        _age(datetime.now(UTC) - letter.sent_at),
        letter.store_id or "-",
        event,
        (len(letter.event_ids) == 1 and letter.event_ids[0]) or letter.message_id,
        letter.reason,
    )


def _age(duration: timedelta) -> str:
    """Return the age in its largest unit, as people say it."""
    for seconds, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if duration.total_seconds() >= seconds:
            return f"{duration.total_seconds() // seconds:.0f} {unit}"
    return f"{max(duration.total_seconds(), 0):.0f} s"


def _mention_stream_failures(queue_url: str) -> None:
    """Say so when the catalogue could not follow the Events table's stream."""
    answer = sqs().get_queue_attributes(
        QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    count = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    if count:
        console.print(f"[yellow]Failed stream batches: {count:,}[/]; see docs/operations.md.")
