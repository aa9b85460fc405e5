"""Tokens and sessions in the database: only their fingerprints, and gone when they should be."""

import pytest

from fedcoop import clock, oauth, sessions
from fedcoop.accounts import actions as accounts
from fedcoop.accounts.types import Account, NewAccount
from fedcoop.config import Config
from fedcoop.db import Database, Row, statement
from fedcoop.db.schema.accounts import sessions as session_table
from fedcoop.db.schema.oauth import oauth_codes, oauth_tokens
from fedcoop.errors import Unauthorized
from fedcoop.oauth.types import OUT_OF_BAND
from tests.keys import spare_keys


@pytest.fixture
async def alice(db: Database) -> Account:
    async with db.write() as tx:
        return await accounts.create(
            tx,
            Config(),
            NewAccount(username="alice", email="alice@example.test", password_hash="", keys=spare_keys(0)),
        )


async def everything(db: Database) -> str:
    rows: list[Row] = []
    async with db.read() as tx:
        for table in (oauth_tokens, oauth_codes, session_table):
            rows += await tx.all(statement(table.select()))
    return repr([tuple(row) for row in rows])


async def test_a_stolen_database_opens_no_door(db: Database, alice: Account) -> None:
    async with db.write() as tx:
        app, app_secret = await oauth.actions.register_app(
            tx, name="x", redirect_uris=[OUT_OF_BAND], scopes="read", website=None
        )
        code = await oauth.actions.give_code(tx, app, alice.id, redirect_uri=OUT_OF_BAND, scopes="read")
        token = await oauth.actions.give_token(tx, app.id, alice.id, "read")
        session = await sessions.actions.begin(tx, alice.id, "browser")
    kept = await everything(db)
    for secret in (app_secret, code, token, session):
        assert secret not in kept
    async with db.read() as tx:
        assert (await oauth.access.bearer(tx, token)).account_id == alice.id
        assert await sessions.access.session(tx, session) is not None
        assert await oauth.access.authenticated_app(tx, app.client_id, app_secret) == app
        assert await oauth.access.authenticated_app(tx, app.client_id, token) is None
        assert await oauth.access.authenticated_app(tx, "nobody", "") is None


async def test_taking_everything_back_takes_everything(db: Database, alice: Account) -> None:
    async with db.write() as tx:
        tokens = [await oauth.actions.issue(tx, alice.id, "read", f"app {n}") for n in range(3)]
        browsers = [await sessions.actions.begin(tx, alice.id, f"browser {n}") for n in range(2)]
    async with db.read() as tx:
        grants = await oauth.access.grants(tx, alice.id)
        assert {grant.name for grant in grants} == {"app 2", "app 1", "app 0"}
        last = next(grant for grant in grants if grant.name == "app 2")
        assert len(await sessions.access.all_sessions(tx, alice.id)) == 2
    async with db.write() as tx:
        await oauth.actions.revoke_grant(tx, alice.id, last.app_id)
    async with db.read() as tx:
        with pytest.raises(Unauthorized):
            await oauth.access.bearer(tx, tokens[2])
        await oauth.access.bearer(tx, tokens[1])
    async with db.write() as tx:
        await oauth.actions.revoke_all(tx, alice.id)
        await sessions.actions.end_all(tx, alice.id)
    async with db.read() as tx:
        for token in tokens:
            with pytest.raises(Unauthorized):
                await oauth.access.bearer(tx, token)
        for browser in browsers:
            assert await sessions.access.session(tx, browser) is None
        assert await oauth.access.grants(tx, alice.id) == []


async def test_what_is_over_is_cleaned_up(db: Database, alice: Account) -> None:
    async with db.write() as tx:
        app, _ = await oauth.actions.register_app(
            tx, name="x", redirect_uris=[OUT_OF_BAND], scopes="read", website=None
        )
        await oauth.actions.give_code(tx, app, alice.id, redirect_uri=OUT_OF_BAND, scopes="read")
        session = await sessions.actions.begin(tx, alice.id, "browser")
    clock.advance(seconds=31 * 86400)
    async with db.read() as tx:
        assert await sessions.access.session(tx, session) is None
    async with db.write() as tx:
        await oauth.actions.clean_up(tx)
        await sessions.actions.clean_up(tx)
    assert await everything(db) == "[]"


async def test_passwords_are_matched_and_bounded() -> None:
    from fedcoop.errors import Invalid

    kept = await sessions.passwords.hashed("several plain words")
    assert kept.startswith("$argon2id$")
    assert await sessions.passwords.matches("several plain words", kept)
    assert not await sessions.passwords.matches("other words", kept)
    assert not await sessions.passwords.matches("several plain words", "")
    assert not await sessions.passwords.matches("x" * 10**6, kept)
    for password in ("short", "x" * 300):
        with pytest.raises(Invalid):
            sessions.passwords.checked(password)
