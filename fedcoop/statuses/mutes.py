"""Hearing no more of a conversation: what is said in it notifies its muter no longer."""

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import statement
from fedcoop.db.schema.statuses import conversation_mutes
