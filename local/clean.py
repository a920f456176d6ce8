"""`make clean-local`: forgets the local cloud, its events, keys and logs, unless it is running."""

import shutil
import sys

from local.state import STATE, StateTakenError, claimed_state


def main() -> int:
    """Remove the state directory; return the exit code."""
    try:
        with claimed_state(STATE):
            shutil.rmtree(STATE)
    except StateTakenError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
