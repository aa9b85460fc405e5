"""What members change while the server runs. The code is `fedcoop/settings` and `fedcoop/rules`."""

import pytest

from fedcoop import rules, settings
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotFound
from fedcoop.instance import access as instance
from tests.people import CONFIG


async def test_what_was_never_set_comes_from_the_configuration(db: Database) -> None:
    async with db.write() as tx:
        assert (await settings.read(tx, CONFIG)).title == CONFIG.title
        await settings.change(tx, title="Our place", contact_account_id=7)
        now = await settings.read(tx, CONFIG)
        assert (now.title, now.contact_account_id) == ("Our place", 7)
        assert now.description == CONFIG.description
        await settings.change(tx, title=None)
        assert (await settings.read(tx, CONFIG)).title == CONFIG.title


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"title": 5}, {"contact_account_id": "x"}])
async def test_what_is_no_setting_is_refused(db: Database, wrong: dict[str, object]) -> None:
    async with db.write() as tx:
        with pytest.raises(Invalid):
            await settings.change(tx, **wrong)


async def test_rules_come_into_force_one_after_the_other_and_go(db: Database) -> None:
    async with db.write() as tx:
        first = await rules.add(tx, "Be kind.", because="proposal:1")
        await rules.add(tx, "No spam.", hint="Not even good spam.")
        assert [rule.text for rule in await instance.rules(tx)] == ["Be kind.", "No spam."]
        await rules.repeal(tx, first)
        assert [rule.text for rule in await instance.rules(tx)] == ["No spam."]
        with pytest.raises(NotFound):
            await rules.repeal(tx, first)
        with pytest.raises(Invalid):
            await rules.add(tx, " \x00 ")
