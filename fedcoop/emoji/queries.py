"""SQL of custom emoji."""

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.media import custom_emoji as e
from fedcoop.emoji.types import Emoji

_emoji = select(*columns_of(Emoji, e))
ALL = statement(_emoji.order_by(e.c.category, e.c.shortcode), into=Emoji)
NAMED = statement(_emoji.where(any_of(e.c.shortcode, "shortcodes")), into=Emoji)
COUNT = statement(select(func.count()).select_from(e))
INSERT = statement(insert(e).on_conflict_do_nothing(index_elements=[e.c.shortcode]))
DELETE = statement(delete(e).where(e.c.shortcode == bindparam("shortcode")))
