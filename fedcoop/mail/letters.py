"""What a letter says: one template in text, whose first line is the subject, and one in HTML beside it. Both are
written when it is sent; `smtp` sends it.

HTML is escaped; so that nothing a stranger typed becomes a header, a subject keeps to one line."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.jobs.types import SendMail

UNFOLDED = SMTP.clone(max_line_length=998)
"""Long addresses in headers stay whole; folding would encode them, which mail programs do not read."""
FOLDER = Path(__file__).parent / "templates"

_environment = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def written(config: Config, job: SendMail, number: int) -> EmailMessage:
    """The whole message. `number` is its own, so that a letter sent twice is recognised as one."""
    values = {
        "title": " ".join(config.title.split()),
        "domain": config.domain,
        "base_url": config.base_url,
        **job.values,
    }
    text = _environment.get_template(f"{job.letter}.txt").render(values)
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=UNFOLDED)
    message["Subject"] = " ".join(subject.split())
    message["From"] = formataddr((values["title"], config.sender))
    message["To"] = job.to
    message["Date"] = format_datetime(clock.as_datetime(clock.now()))
    message["Message-ID"] = f"<{number}@{config.domain.partition(':')[0]}>"
    # Nobody's holiday notice should come back to it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if (away := values.get("unsubscribe_url")) is not None:
        # The mail program's own button, which asks nothing more (RFC 8058).
        message["List-Unsubscribe"] = f"<{away}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.lstrip("\n"))
    message.add_alternative(
        _environment.get_template(f"{job.letter}.html").render(values, subject=message["Subject"]),
        subtype="html",
    )
    return message
