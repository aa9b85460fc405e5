"""What whoever runs the tests may set, and how it survives: the settings of a server that is set up in the same
shell must not reach the tests, while those of the tests must reach every worker process."""

import os

PREFIX = "FEDCOOP_"
KEPT = "TESTS_"


def setting(name: str, otherwise: str) -> str:
    """The value of `FEDCOOP_…` as it was when the tests began, or `otherwise`."""
    kept = name.replace(PREFIX, KEPT, 1)
    if name in os.environ:
        os.environ[kept] = os.environ[name]
    return os.environ.get(kept, otherwise)


def forget_settings() -> None:
    """Remove every `FEDCOOP_…` from the environment, keeping what the tests themselves may ask for later."""
    for name in (
        "FEDCOOP_SAMPLES",
        "FEDCOOP_OPENAPI",
        "FEDCOOP_GENERATED_EXAMPLES",
        "FEDCOOP_CRASH_PATIENCE",
    ):
        setting(name, "")
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
