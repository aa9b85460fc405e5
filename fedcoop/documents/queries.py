"""SQL of documents."""

from sqlalchemy import bindparam, insert, select

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.instance import documents
from fedcoop.documents.types import Version

_version = select(*columns_of(Version, documents)).where(documents.c.document == bindparam("document"))
ADD = statement(insert(documents))
VERSIONS = statement(_version.order_by(documents.c.version.desc()), into=Version)
# A later decision overrules an earlier one from the day on which it begins to hold.
IN_FORCE = statement(
    _version.where(documents.c.effective_at <= bindparam("moment"))
    .order_by(documents.c.version.desc())
    .limit(1),
    into=Version,
)
LAST = statement(_version.order_by(documents.c.version.desc()).limit(1), into=Version)
