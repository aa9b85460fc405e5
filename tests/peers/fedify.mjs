// A small server written with Fedify, for tests/flows/test_fedify.py: real signatures and real parsing by others.
//
//     node fedify.mjs PORT
//
// It serves the people in NAMES below http://127.0.0.1:PORT/users/. Tests steer it by POST /control with
// {"do": …, "as": …, …}, and GET /control tells everything that has arrived. It answers when what was asked is done.

import { createServer } from "node:http";
import { Temporal } from "@js-temporal/polyfill";
import {
  Accept,
  Announce,
  Block,
  Create,
  Delete,
  Follow,
  Like,
  MemoryKvStore,
  Move,
  Note,
  PUBLIC_COLLECTION,
  Person,
  Tombstone,
  Undo,
  Update,
  createFederation,
  generateCryptoKeyPair,
} from "@fedify/fedify";

// What cannot be done is told to whoever asked for it; the server goes on.
process.on("unhandledRejection", (problem) => console.error(problem));

const port = Number(process.argv[2]);
const origin = `http://127.0.0.1:${port}`;
const NAMES = ["fay", "fred", "newfay"];
const ALSO_KNOWN_AS = { newfay: "fay" };

const arrived = []; // {type, actor, id, json}
const followers = new Map(NAMES.map((name) => [name, new Map()]));
const notes = new Map(); // id → {author, content, inReplyTo, edited}
const blocked = new Map(NAMES.map((name) => [name, new Set()]));
const keys = new Map();
const moved = new Map();
let number = 0;

const federation = createFederation({
  kv: new MemoryKvStore(),
  allowPrivateAddress: true,
});

async function keyPairs(name) {
  if (!keys.has(name)) {
    keys.set(name, [
      await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
      await generateCryptoKeyPair("Ed25519"),
    ]);
  }
  return keys.get(name);
}

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, name) => {
    if (!NAMES.includes(name)) return null;
    const pairs = await ctx.getActorKeyPairs(name);
    return new Person({
      id: ctx.getActorUri(name),
      preferredUsername: name,
      name: `${name} of Fedify`,
      summary: "<p>Written with another program</p>",
      inbox: ctx.getInboxUri(name),
      followers: ctx.getFollowersUri(name),
      url: ctx.getActorUri(name),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
      aliases: ALSO_KNOWN_AS[name] ? [ctx.getActorUri(ALSO_KNOWN_AS[name])] : [],
      successor: moved.get(name) ?? null,
    });
  })
  .setKeyPairsDispatcher((_, name) => keyPairs(name));

federation.setFollowersDispatcher("/users/{identifier}/followers", (_, name) => ({
  items: [...followers.get(name).values()],
}));

federation.setObjectDispatcher(Note, "/notes/{id}", (ctx, { id }) => {
  const note = notes.get(id);
  return note ? noteOf(ctx, id, note) : null;
});

function noteOf(ctx, id, note) {
  return new Note({
    id: ctx.getObjectUri(Note, { id }),
    url: ctx.getObjectUri(Note, { id }),
    attribution: ctx.getActorUri(note.author),
    content: note.content,
    replyTarget: note.inReplyTo ? new URL(note.inReplyTo) : null,
    published: note.published,
    updated: note.updated ?? null,
    to: PUBLIC_COLLECTION,
    cc: ctx.getFollowersUri(note.author),
  });
}

const remember = async (ctx, activity) =>
  arrived.push({
    type: activity.constructor.name,
    actor: activity.actorId?.href,
    id: activity.id?.href,
    json: await activity.toJsonLd(ctx),
  });

const listeners = federation.setInboxListeners("/users/{identifier}/inbox", "/inbox");
listeners.on(Follow, async (ctx, follow) => {
  await remember(ctx, follow);
  const { identifier } = ctx.parseUri(follow.objectId);
  const follower = await follow.getActor(ctx);
  if (!follower?.id || blocked.get(identifier).has(follower.id.href)) return;
  followers.get(identifier).set(follower.id.href, follower);
  await ctx.sendActivity(
    { identifier },
    follower,
    new Accept({
      id: new URL(`#accepts/${++number}`, ctx.getActorUri(identifier)),
      actor: ctx.getActorUri(identifier),
      object: follow,
    }),
  );
});
listeners.on(Undo, async (ctx, undo) => {
  await remember(ctx, undo);
  const inner = await undo.getObject(ctx);
  if (inner instanceof Follow) {
    followers.get(ctx.parseUri(inner.objectId).identifier)?.delete(undo.actorId.href);
  }
});
for (const type of [Accept, Announce, Block, Create, Delete, Like, Move, Update]) {
  listeners.on(type, remember);
}

// What tests may have it do

const acts = {
  async follow(ctx, me, { target }) {
    const actor = await ctx.lookupObject(target);
    await send(ctx, me, actor, new Follow({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: actor.id }));
  },
  async unfollow(ctx, me, { target }) {
    const actor = await ctx.lookupObject(target);
    const follow = new Follow({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: actor.id });
    await send(ctx, me, actor, new Undo({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: follow }));
  },
  async post(ctx, me, { content, inReplyTo, to }) {
    const id = String(++number);
    notes.set(id, { author: me, content, inReplyTo, published: Temporal.Now.instant() });
    const note = noteOf(ctx, id, notes.get(id));
    await tell(ctx, me, to, new Create({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: note, to: PUBLIC_COLLECTION, cc: ctx.getFollowersUri(me) }));
    return { id: note.id.href };
  },
  async edit(ctx, me, { id, content, to }) {
    const key = id.split("/").at(-1);
    Object.assign(notes.get(key), { content, updated: Temporal.Now.instant() });
    await tell(ctx, me, to, new Update({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: noteOf(ctx, key, notes.get(key)), to: PUBLIC_COLLECTION }));
  },
  async delete(ctx, me, { id, to }) {
    notes.delete(id.split("/").at(-1));
    await tell(ctx, me, to, new Delete({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: new Tombstone({ id: new URL(id) }), to: PUBLIC_COLLECTION }));
  },
  async like(ctx, me, { id, to }) {
    await tell(ctx, me, to, new Like({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: new URL(id) }));
  },
  async boost(ctx, me, { id, to }) {
    await tell(ctx, me, to, new Announce({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: new URL(id), published: Temporal.Now.instant(), to: PUBLIC_COLLECTION, cc: ctx.getFollowersUri(me) }));
  },
  async block(ctx, me, { target }) {
    const actor = await ctx.lookupObject(target);
    blocked.get(me).add(actor.id.href);
    followers.get(me).delete(actor.id.href);
    await send(ctx, me, actor, new Block({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: actor.id }));
  },
  async move(ctx, me, { target }) {
    moved.set(me, new URL(target));
    await tell(ctx, me, null, new Move({ id: fresh(ctx, me), actor: ctx.getActorUri(me), object: ctx.getActorUri(me), target: new URL(target), to: ctx.getFollowersUri(me) }));
  },
  async look(ctx, _me, { target }) {
    const found = await ctx.lookupObject(target, { documentLoader: await ctx.getDocumentLoader({ identifier: "fred" }) });
    return { found: found && (await found.toJsonLd(ctx)) };
  },
};

const fresh = (ctx, me) => new URL(`#acts/${++number}`, ctx.getActorUri(me));
const send = (ctx, me, recipients, activity) => ctx.sendActivity({ identifier: me }, recipients, activity, { immediate: true });

async function tell(ctx, me, to, activity) {
  await send(ctx, me, [...followers.get(me).values()], activity);
  if (to && !followers.get(me).has(to)) await send(ctx, me, await ctx.lookupObject(to), activity);
}

async function control(request) {
  if (request.method === "GET") {
    return { arrived, followers: Object.fromEntries(NAMES.map((name) => [name, [...followers.get(name).keys()]])) };
  }
  const { do: act, as: me, ...rest } = await request.json();
  return (await acts[act](federation.createContext(new URL(origin), undefined), me, rest)) ?? {};
}

async function answer(request) {
  if (new URL(request.url).pathname !== "/control") {
    return await federation.fetch(request, { contextData: undefined });
  }
  try {
    return Response.json(await control(request));
  } catch (problem) {
    return Response.json({ error: String(problem?.stack ?? problem) }, { status: 500 });
  }
}

createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const response = await answer(
    new Request(origin + incoming.url, {
      method: incoming.method,
      headers: Object.entries(incoming.headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
      body: chunks.length ? Buffer.concat(chunks) : undefined,
    }),
  );
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}).listen(port, "127.0.0.1", () => console.log("ready"));
