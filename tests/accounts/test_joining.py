"""Who may join, and under which name. The code is `fedcoop/accounts`."""

import pytest

from fedcoop.accounts import NewAccount, access, actions, queries
from fedcoop.accounts.leaving.actions import forget
from fedcoop.accounts.names import checked_email, checked_username
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotFound
from fedcoop.vault import rsa_of
from tests.people import CONFIG, key_pair, member, stranger


async def test_a_member_is_found_by_name_address_and_id(db: Database) -> None:
    async with db.write() as tx:
        made = await member(tx, "Alice")
    async with db.read() as tx:
        assert await access.find(tx, made.id) == made
        assert await access.by_handle(tx, "@alice") == made
        assert await access.by_uri(tx, made.uri) == made
        assert made.local
        assert made.acct == "Alice"
        kept = await tx.scalar(queries.PRIVATE_KEY, account_id=made.id)
        assert tx.vault.unlock_text(kept, rsa_of(made.id)) == key_pair().private_pem
        user = await access.user(tx, made.id)
        assert user.email == "alice@mail.test"
        assert user.confirmed_at
        assert user.approved_at


async def test_an_id_holds_no_name(db: Database) -> None:
    async with db.write() as tx:
        made = await member(tx, "alice")
    assert "alice" not in made.uri
    assert made.url == "https://coop.test/@alice"


@pytest.mark.parametrize(
    "name", ["", "a b", "аdmin", "x" * 31, "a.b", "a-b", "a@b", "admin", "ADMIN", "Root", "assembly"]
)
def test_names_that_cannot_be_had(name: str) -> None:
    with pytest.raises(Invalid):
        checked_username(name)


def test_the_operator_may_be_called_admin_but_nobody_is_the_assembly() -> None:
    assert checked_username(" admin ", by_operator=True) == "admin"
    with pytest.raises(Invalid):
        checked_username("assembly", by_operator=True)


@pytest.mark.parametrize(
    "email",
    ["", "a", "@b.test", "a@", "a@b c.test", "a@evil.test\x00@ok.test", '"a b"@c.test', "a(comment)@b.test",
     "a%b@c.test", "a@b@c.test", "a..b@c.test", "a" * 250 + "@b.test"],
)  # fmt: skip
def test_unusual_e_mail_addresses_are_refused(email: str) -> None:
    with pytest.raises(Invalid):
        checked_email(email)


def test_an_e_mail_address_has_one_spelling() -> None:
    assert checked_email(" Alice+x@MAIL.Test. ") == "alice+x@mail.test"


async def test_a_name_is_had_once_whatever_its_case_also_after_its_owner_left(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        await forget(tx, alice.id)
    async with db.write() as tx:
        with pytest.raises(Invalid, match="already been taken"):
            await member(tx, "ALICE")
        assert await access.by_handle(tx, "alice") is None
        with pytest.raises(NotFound):
            await access.find(tx, alice.id)


async def test_an_e_mail_address_is_had_once(db: Database) -> None:
    with pytest.raises(Invalid, match="E-mail"):
        async with db.write() as tx:
            await member(tx, "alice")
            new = NewAccount(username="bob", email="ALICE@mail.test", password_hash="-", keys=key_pair())
            await actions.create(tx, CONFIG, new)


async def test_who_asked_to_join_is_let_in_once(db: Database) -> None:
    async with db.write() as tx:
        bob = await member(tx, "bob", approved=False, confirmed=False, reason="I like it")
        assert (await access.user(tx, bob.id)).approved_at is None
        assert await actions.approve(tx, bob.id)
        assert not await actions.approve(tx, bob.id)
        assert await actions.confirm(tx, bob.id)
        await actions.disable(tx, bob.id)
        await actions.set_role(tx, bob.id, "moderator")
        user = await access.user(tx, bob.id)
        assert (user.role, user.reason, user.disabled_at is not None) == ("moderator", "I like it", True)
        with pytest.raises(NotFound):
            await actions.disable(tx, (await stranger(tx, "x@b.test")).id)


async def test_the_server_and_the_assembly_have_accounts_of_their_own(db: Database) -> None:
    async with db.write() as tx:
        with pytest.raises(NotFound):
            await access.instance_actor(tx)
        server = await actions.create_actor(tx, CONFIG, "coop.test", "application", "Coop", "", key_pair())
        group = await actions.create_actor(
            tx, CONFIG, "assembly", "group", "Assembly", "All *of* us", key_pair()
        )
        assert server.uri == "https://coop.test/actor"
        assert await access.instance_actor(tx) == server
        assert await access.assembly(tx) == group
        with pytest.raises(Invalid):
            await actions.create_actor(tx, CONFIG, "assembly", "group", "", "", key_pair())
