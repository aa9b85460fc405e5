"""SQL of what is barred."""

from sqlalchemy import BigInteger, Table, bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.barring.types import CanonicalEmailBlock, EmailDomainBlock, IpBlock
from fedcoop.db import Row, Statement, any_of, columns_of, statement
from fedcoop.db.schema.moderating import canonical_email_blocks, email_domain_blocks, ip_blocks
from fedcoop.paging import Paged

_ips = select(*columns_of(IpBlock, ip_blocks))
_domains = select(*columns_of(EmailDomainBlock, email_domain_blocks))
_emails = select(*columns_of(CanonicalEmailBlock, canonical_email_blocks))
_id = bindparam("id", type_=BigInteger())
_live = or_(ip_blocks.c.expires_at.is_(None), ip_blocks.c.expires_at > bindparam("now", type_=BigInteger()))

IPS = Paged(_ips, ip_blocks.c.id, into=IpBlock)
IP = statement(_ips.where(ip_blocks.c.id == _id), into=IpBlock)
IPS_AROUND = statement(_ips.where(any_of(ip_blocks.c.ip, "networks"), _live), into=IpBlock)
ADD_IP = statement(insert(ip_blocks).on_conflict_do_nothing())
CHANGE_IP = statement(
    update(ip_blocks)
    .where(ip_blocks.c.id == bindparam("block_id", type_=BigInteger()))
    .values(
        **{name: bindparam(f"new_{name}") for name in ("ip", "severity", "comment")},
        expires_at=bindparam("new_expires_at", type_=BigInteger()),
    )
)
DOMAINS = Paged(_domains, email_domain_blocks.c.id, into=EmailDomainBlock)
DOMAIN = statement(_domains.where(email_domain_blocks.c.id == _id), into=EmailDomainBlock)
DOMAINS_AROUND = statement(
    _domains.where(any_of(email_domain_blocks.c.domain, "domains")), into=EmailDomainBlock
)
ADD_DOMAIN = statement(insert(email_domain_blocks).on_conflict_do_nothing())
EMAILS = Paged(_emails, canonical_email_blocks.c.id, into=CanonicalEmailBlock)
EMAIL = statement(_emails.where(canonical_email_blocks.c.id == _id), into=CanonicalEmailBlock)
EMAIL_BY_HASH = statement(
    _emails.where(canonical_email_blocks.c.email_hash == bindparam("email_hash")), into=CanonicalEmailBlock
)
ADD_EMAIL = statement(insert(canonical_email_blocks).on_conflict_do_nothing())


def _removal(table: Table) -> Statement[Row]:
    return statement(delete(table).where(table.c.id == _id))


REMOVE_IP = _removal(ip_blocks)
REMOVE_DOMAIN = _removal(email_domain_blocks)
REMOVE_EMAIL = _removal(canonical_email_blocks)
