"""Text, without any I/O: HTML made safe, HTML made plain, Markdown, and in `compose` what members type."""

from fedcoop.text.marked import markdown
from fedcoop.text.safe import fit, plain, sanitize

__all__ = ["fit", "markdown", "plain", "sanitize"]
