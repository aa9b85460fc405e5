"""`python -m fedcoop` is the command line."""

import sys

from fedcoop.cli import main

sys.exit(main())
