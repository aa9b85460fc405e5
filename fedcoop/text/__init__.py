"""Text, without any I/O: HTML made safe, HTML made plain, Markdown, and in `compose` what members type."""

from fedcoop.text.excerpt import excerpt
from fedcoop.text.marked import markdown
from fedcoop.text.safe import fit, from_plain, plain, sanitize

__all__ = ["excerpt", "fit", "from_plain", "markdown", "plain", "sanitize"]
