"""What can be going on when a server is killed, beside posting, receiving and voting. Each is made ready before a
round, has deeds to be done side by side, and looks afterwards whether anything was lost or done twice."""

from __future__ import annotations

import itertools
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any
from zipfile import ZipFile

from aiohttp import web

from activitypub.synchronising import HEADER
from fedcoop import archives, clock, relays, scheduled
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.ids import AccountId
from fedcoop.media.files import PREFIX
from fedcoop.statuses.types import Draft
from tests.activitypub.remote import Remote
from tests.activitypub.test_synchronising import header_of
from tests.crash.conftest import within
from tests.crash.elsewhere import delivers, follows
from tests.crash.load import Deed
from tests.crash.test_posting import creates, since
from tests.flows.processes import Client, Process, until
from tests.media.drawing import picture
from tests.media.filming import sound
from tests.push.devices import SUBSCRIPTION, Device, Sent


class Asking:
    """Rosa asks whether she may quote: each request that was taken is answered, and always in the same words."""

    def __init__(self, remote: Remote, author: Client) -> None:
        self.remote, self.server = remote, author.server
        self.quoted = author.says("Quote me")["uri"]
        self.numbers = itertools.count(1)
        self.tried: dict[str, dict[str, Any]] = {}
        self.taken: set[str] = set()

    def prepare(self, number: int) -> Sequence[Deed]:
        self.tried.clear()
        return [self.ask]

    def ask(self) -> bool:
        number = next(self.numbers)
        note = self.remote.note("rosa", number, quote=self.quoted)
        request = self.remote.activity("QuoteRequest", "rosa", self.quoted, number, instrument=note)
        self.tried[request["id"]] = request
        assert delivers(self.remote, self.server, request) == 202
        self.taken.add(request["id"])
        return True

    def check(self) -> None:
        for uri in self.tried.keys() - self.taken:
            assert delivers(self.remote, self.server, self.tried[uri]) == 202
        until(lambda: self.tried.keys() <= self._answers().keys())
        assert all(len(said) == 1 for said in self._answers().values())

    def _answers(self) -> dict[str, set[tuple[str, str]]]:
        found = defaultdict(set)
        for _, sent in list(self.remote.received):
            if sent["type"] == "Accept" and sent["object"]["type"] == "QuoteRequest":
                found[sent["object"]["id"]].add((sent["id"], sent["result"]))
        return found


class Relaying:
    """A relay that members joined is told of each post, by one activity."""

    INBOX = "/relay/inbox"

    def __init__(self, remote: Remote, server: Process) -> None:
        self.remote = remote
        self.url = remote.base + self.INBOX
        remote.add_actor("relay")
        within(server, self._join)
        follow = until(
            lambda: next((sent for path, sent in list(remote.received) if path == self.INBOX), None)
        )
        assert delivers(remote, server, remote.activity("Accept", "relay", follow), actor="relay") == 202
        until(lambda: within(server, self._accepted))

    async def _join(self, tx: Tx, _config: Config) -> None:
        await relays.actions.join(tx, self.url, because="admin:test")

    async def _accepted(self, tx: Tx, _config: Config) -> bool:
        return bool(await relays.access.accepted(tx))

    def check(self, texts: Sequence[str]) -> None:
        until(lambda: set(texts) <= creates(self.remote, self.INBOX).keys())
        found = creates(self.remote, self.INBOX)
        assert all(len(found[text]) == 1 for text in texts)


class Pushing:
    """The device of somebody who wants to hear of each post gets each notification, twice at most."""

    def __init__(self, remote: Remote, reader: Client, newest_known: str) -> None:
        self.reader, self.newest_known = reader, newest_known
        self.device = Device(f"{remote.base}/push")
        self.pushed: list[str] = []
        remote.handlers["/push"] = self._take
        data = {"alerts": {"status": True}}
        reader.post(SUBSCRIPTION, subscription=self.device.subscription, data=data)

    async def _take(self, request: web.Request) -> web.Response:
        sent = Sent(request.path, request.headers, await request.read())
        self.pushed.append(str(self.device.reads(sent)["notification_id"]))
        return web.Response(status=201)

    def check(self, number: int) -> None:
        """So many have come since the last time."""
        new = [each["id"] for each in since(self.reader, "/api/v1/notifications", self.newest_known)]
        assert len(new) == number
        until(lambda: set(new) <= set(self.pushed))
        assert max(Counter(self.pushed).values(), default=0) <= 2
        self.newest_known = max([self.newest_known, *new], key=int)


class Scheduling:
    """What was to be posted at this time is posted, once."""

    def __init__(self, author: Client) -> None:
        self.author = author
        self.texts: list[str] = []

    def prepare(self, number: int) -> Sequence[Deed]:
        self.texts = [f"scheduled {number} {each}" for each in range(4)]
        within(self.author.server, self._schedule)
        return []

    async def _schedule(self, tx: Tx, config: Config) -> None:
        """All within the next half second, which nobody but a test may ask for."""
        found = await accounts.by_handle(tx, self.author.name)
        assert found is not None
        now = clock.now()
        clock.advance(seconds=-2 * scheduled.actions.SOONEST / clock.SECOND)
        for each, text in enumerate(self.texts):
            await scheduled.actions.schedule(tx, found, Draft(text=text), now + 150 * each, config=config)
        clock.reset()

    def check(self, home: Counter[str]) -> bool:
        """Whether all are there."""
        assert all(home[text] <= 1 for text in self.texts)
        return all(home[text] for text in self.texts)


class Uploading:
    """Pictures that were taken can be attached, a sound is converted in the end, and what was posted with a
    picture has it."""

    def __init__(self, author: Client) -> None:
        self.author = author
        self.taken: list[str] = []
        self.posted: list[str] = []

    def prepare(self, number: int) -> Sequence[Deed]:
        self.taken.clear()
        self.posted.clear()
        return [self.post, self.sound]

    def post(self) -> bool:
        media = self._upload("picture.png", picture("PNG"))
        answer = self.author.ask("POST", "/api/v1/statuses", json={"media_ids": [media]})
        self.taken.remove(media)
        self.posted.append(answer["id"])
        return True

    def sound(self) -> bool:
        self._upload("sound.wav", sound("wav", seconds=0.2))
        return False

    def _upload(self, name: str, data: bytes) -> str:
        answer = self.author.ask("POST", "/api/v2/media", files={"file": (name, data)}, expect=None)
        assert "error" not in answer, answer
        self.taken.append(answer["id"])
        return str(answer["id"])

    def check(self) -> None:
        for media in self.taken:
            until(lambda: self.author.get(f"/api/v1/media/{media}"))  # noqa: B023
            answer = self.author.ask("POST", "/api/v1/statuses", json={"media_ids": [media]}, expect=None)
            # Or its post was there when the server died, before it could answer.
            assert "id" in answer or "already" in answer["error"], answer
            self.posted += [answer["id"]] if "id" in answer else []
        for status in self.posted:
            (attached,) = self.author.get(f"/api/v1/statuses/{status}")["media_attachments"]
            assert self.author.http.get(attached["url"], timeout=30).status_code == 200


class Archiving:
    """An archive that was asked for is made, and whole."""

    def __init__(self, server: Process, keepers: Sequence[Client]) -> None:
        self.server = server
        self.keepers = keepers
        self.keeper = keepers[0]

    def prepare(self, number: int) -> Sequence[Deed]:
        self.keeper = self.keepers[number]
        self.keeper.says("Keep this")
        within(self.server, self._ask)
        return []

    async def _ask(self, tx: Tx, _config: Config) -> None:
        await archives.actions.request(tx, await self._id(tx))

    async def _id(self, tx: Tx) -> AccountId:
        found = await accounts.by_handle(tx, self.keeper.name)
        assert found is not None
        return found.id

    async def _address(self, tx: Tx, _config: Config) -> str:
        found = await archives.access.of_account(tx, await self._id(tx))
        assert found is not None
        return found.url

    def check(self) -> None:
        name = until(lambda: within(self.server, self._address)).removeprefix(PREFIX)
        with ZipFile(self.server.data / "media" / name) as archive:
            assert archive.testzip() is None
            assert b"Keep this" in archive.read("outbox.json")


class Moving:
    """Whom a member follows moves: the member follows the new account, by one Follow. And a follow ends that the
    other server says it does not know of."""

    def __init__(self, remote: Remote, follower: Client) -> None:
        self.remote, self.follower, self.server = remote, follower, follower.server
        self.old = self.new = self.former = ""
        self.told: set[str] = set()
        self.lock = threading.Lock()

    def prepare(self, number: int) -> Sequence[Deed]:
        self.old, self.new, self.former = f"old{number}", f"new{number}", f"former{number}"
        self.told.clear()
        self.remote.add_actor(self.new, alsoKnownAs=[self.remote.actor_id(self.old)])
        for name in (self.old, self.former):
            self.remote.add_actor(name)
            follows(self.follower, self.remote, name)
        listed = {"id": f"{self.remote.actor_id(self.former)}/followers_synchronization"}
        self.remote.serve({**listed, "type": "OrderedCollection", "totalItems": 0, "orderedItems": []})
        return [self.move, self.synchronise]

    def move(self) -> bool:
        target = self.remote.actor_id(self.new)
        move = self.remote.activity("Move", self.old, self.remote.actor_id(self.old), target=target)
        assert delivers(self.remote, self.server, move, actor=self.old) == 202
        self.told.add("move")
        return False

    def synchronise(self) -> bool:
        to = [f"{self.remote.actor_id(self.former)}/followers"]
        create = self.remote.activity("Create", self.former, self.remote.note(self.former, to=to, cc=[]))
        more = {HEADER: header_of(self.remote, self.former, [])}
        assert delivers(self.remote, self.server, create, actor=self.former, more=more) == 202
        self.told.add("synchronise")
        return False

    def check(self) -> None:
        for name in ("move", "synchronise"):
            if name not in self.told:
                getattr(self, name)()
        follow = until(self._follow)
        accept = self.remote.activity("Accept", self.new, follow)
        assert delivers(self.remote, self.server, accept, actor=self.new) == 202
        # The old account for another hour, in which the new one may accept.
        until(lambda: self._following() == {self.new, self.old})

    def _follow(self) -> dict[str, Any] | None:
        """The Follow of the new account, which has one id however often it came."""
        target = self.remote.actor_id(self.new)
        sent = [one for _, one in list(self.remote.received) if one["type"] == "Follow"]
        found = {one["id"]: one for one in sent if one["object"] == target}
        assert len(found) <= 1
        return next(iter(found.values()), None)

    def _following(self) -> set[str]:
        names = {self.follower.finds(f"@{name}@{self.remote.host}")["id"]: name for name in self._names()}
        query = "&".join(f"id[]={id_}" for id_ in names)
        known = self.follower.get(f"/api/v1/accounts/relationships?{query}")
        return {names[one["id"]] for one in known if one["following"]}

    def _names(self) -> tuple[str, str, str]:
        return self.old, self.new, self.former
