"""keys for proofs"""

import os
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("private_keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.LargeBinary(), nullable=True))
    keys = sa.table("private_keys", sa.column("account_id", sa.BigInteger), sa.column("seed", sa.LargeBinary))
    connection = op.get_bind()
    for (account_id,) in connection.execute(sa.select(keys.c.account_id)).all():
        connection.execute(keys.update().where(keys.c.account_id == account_id).values(seed=os.urandom(32)))
    with op.batch_alter_table("private_keys", schema=None) as batch_op:
        batch_op.alter_column("seed", existing_type=sa.LargeBinary(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("private_keys", schema=None) as batch_op:
        batch_op.drop_column("seed")
