// masto.js, as it is, drives every area of the API for two people: node masto.mjs BASE TOKEN_OF_ALICE TOKEN_OF_BOB
// The test that runs it is test_masto.py; it says "ok" after each area, and ends at the first thing that is not so.
import assert from "node:assert/strict";
import { createRestAPIClient, createStreamingAPIClient } from "masto";

const [base, tokenOfAlice, tokenOfBob] = process.argv.slice(2);
const alice = createRestAPIClient({ url: base, accessToken: tokenOfAlice });
const bob = createRestAPIClient({ url: base, accessToken: tokenOfBob });
const anybody = createRestAPIClient({ url: base });
const ids = (items) => items.map((item) => item.id);
const acct = (items) => items.map((item) => item.acct).sort();

const PICTURE = Buffer.from(
  "R0lGODdhCAAIAIAAAP8AAAAAACwAAAAACAAIAAACB4SPqcvtXQAAOw==",
  "base64",
);
const KEYS = {
  p256dh: "BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8",
  auth: "eH_C8rq2raXqlcBVDa1gLg",
};

const me = await alice.v1.accounts.verifyCredentials();
const him = await bob.v1.accounts.verifyCredentials();

const areas = {
  async instance() {
    const instance = await anybody.v2.instance.fetch();
    assert.ok(instance.configuration.statuses.maxCharacters > 0);
    assert.ok(instance.configuration.urls.streaming.startsWith("ws"));
    assert.equal((await anybody.v1.instance.fetch()).uri, instance.domain);
    assert.equal((await anybody.v1.instance.activity.list()).length, 12);
    assert.ok((await anybody.v1.instance.extendedDescription.fetch()).content);
    assert.deepEqual(await anybody.v1.instance.domainBlocks.fetch(), []);
    assert.ok(Array.isArray(await anybody.v1.customEmojis.list()));
    await assert.rejects(anybody.v1.accounts.verifyCredentials(), { statusCode: 401 });
    assert.equal((await alice.v1.preferences.fetch())["posting:default:visibility"], "public");
  },

  async accounts() {
    const changed = await alice.v1.accounts.updateCredentials({
      displayName: "Alice",
      note: "Hello #world",
      fieldsAttributes: [{ name: "Web", value: "alice.example" }],
      source: { language: "en" },
      avatar: new Blob([PICTURE], { type: "image/gif" }),
    });
    assert.equal(changed.displayName, "Alice");
    assert.equal(changed.fields[0].name, "Web");
    assert.equal(changed.source.language, "en");
    assert.ok(!changed.avatar.endsWith("avatar.svg"));
    await alice.v1.profile.avatar.remove();
    assert.equal((await alice.v1.profile.fetch()).displayName, "Alice");

    const followed = await bob.v1.accounts.$select(me.id).follow({ notify: true });
    assert.ok(followed.following && followed.notifying);
    await alice.v1.accounts.$select(him.id).follow();
    assert.deepEqual(acct(await anybody.v1.accounts.$select(me.id).followers.list()), ["bob"]);
    assert.deepEqual(acct(await anybody.v1.accounts.$select(me.id).following.list()), ["bob"]);
    assert.equal((await anybody.v1.accounts.lookup({ acct: "bob" })).id, him.id);
    assert.deepEqual(acct(await alice.v1.accounts.search.list({ q: "bo" })), ["bob"]);
    const [tie] = await alice.v1.accounts.relationships.fetch({ id: [him.id] });
    assert.ok(tie.followedBy && tie.following);
    assert.equal((await alice.v1.accounts.$select(him.id).note.create({ comment: "met" })).note, "met");
    assert.ok((await alice.v1.accounts.$select(him.id).mute({ duration: 600 })).muting);
    assert.deepEqual(acct(await alice.v1.mutes.list()), ["bob"]);
    assert.ok(!(await alice.v1.accounts.$select(him.id).unmute()).muting);
    assert.ok((await alice.v1.accounts.$select(him.id).endorse()).endorsed);
    assert.deepEqual(acct(await alice.v1.endorsements.list()), ["bob"]);
    await alice.v1.domainBlocks.create({ domain: "bad.example" });
    assert.deepEqual(await alice.v1.domainBlocks.list(), ["bad.example"]);
    await alice.v1.domainBlocks.remove({ domain: "bad.example" });
    assert.deepEqual(await alice.v1.domainBlocks.list(), []);
    assert.ok(Array.isArray(await alice.v2.suggestions.list()));
    assert.ok(Array.isArray(await anybody.v1.directory.list({ local: true })));
  },

  async statuses() {
    const picture = await alice.v2.media.create({
      file: new Blob([PICTURE], { type: "image/gif" }),
      description: "a red square",
    });
    assert.equal(picture.description, "a red square");
    const shown = await alice.v1.statuses.create({ status: "look", mediaIds: [picture.id] });
    assert.equal(shown.mediaAttachments[0].id, picture.id);
    assert.equal((await fetch(shown.mediaAttachments[0].url)).status, 200);

    const asked = await alice.v1.statuses.create({
      status: "What? #walnut",
      spoilerText: "drinks",
      poll: { options: ["tea", "coffee"], expiresIn: 600, multiple: false },
    });
    const voted = await bob.v1.polls.$select(asked.poll.id).votes.create({ choices: [1] });
    assert.deepEqual(voted.options.map((option) => option.votesCount), [0, 1]);

    const one = bob.v1.statuses.$select(shown.id);
    assert.ok((await one.favourite()).favourited);
    assert.equal((await one.reblog()).reblog.id, shown.id);
    assert.ok((await one.bookmark()).bookmarked);
    assert.deepEqual(ids(await bob.v1.favourites.list()), [shown.id]);
    assert.deepEqual(ids(await bob.v1.bookmarks.list()), [shown.id]);
    assert.deepEqual(acct(await one.favouritedBy.list()), ["bob"]);
    assert.deepEqual(acct(await one.rebloggedBy.list()), ["bob"]);
    const answer = await bob.v1.statuses.create({ status: "@alice I see", inReplyToId: shown.id });
    assert.deepEqual(ids((await one.context.fetch()).descendants), [answer.id]);
    const quote = await bob.v1.statuses.create({ status: "see this", quotedStatusId: asked.id });
    assert.equal(quote.quote.state, "accepted");
    assert.deepEqual(ids(await alice.v1.statuses.$select(asked.id).quotes.list()), [quote.id]);

    await alice.v1.statuses.$select(shown.id).update({
      status: "look again",
      mediaIds: [picture.id],
      mediaAttributes: [{ id: picture.id, description: "still red" }],
    });
    assert.equal((await one.fetch()).mediaAttachments[0].description, "still red");
    assert.equal((await one.history.list()).length, 2);
    assert.equal((await alice.v1.statuses.$select(shown.id).source.fetch()).text, "look again");
    assert.ok((await alice.v1.statuses.$select(shown.id).pin()).pinned);
    assert.deepEqual(ids(await anybody.v1.accounts.$select(me.id).statuses.list({ pinned: true })), [shown.id]);

    const later = await alice.v1.statuses.create({
      status: "later",
      scheduledAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    assert.deepEqual(ids(await alice.v1.scheduledStatuses.list()), [later.id]);
    await alice.v1.scheduledStatuses.$select(later.id).remove();
    const gone = await alice.v1.statuses.create({ status: "oops" });
    assert.equal((await alice.v1.statuses.$select(gone.id).remove()).text, "oops");
    await assert.rejects(alice.v1.statuses.$select(gone.id).fetch(), { statusCode: 404 });
    await assert.rejects(alice.v1.statuses.create({ status: "" }), { statusCode: 422 });
  },

  async timelines() {
    for (let number = 0; number < 5; number++) await alice.v1.statuses.create({ status: `number ${number}` });
    const seen = [];
    for await (const page of bob.v1.timelines.home.list({ limit: 3 })) seen.push(...ids(page));
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length >= 8);
    assert.ok((await anybody.v1.timelines.public.list({ local: true })).length >= 5);
    assert.equal((await anybody.v1.timelines.tag.$select("walnut").list()).length, 1);
    const talk = await bob.v1.statuses.create({ status: "@alice between us", visibility: "direct" });
    const [conversation] = await alice.v1.conversations.list();
    assert.equal(conversation.lastStatus.id, talk.id);
    assert.ok(conversation.unread);
    assert.ok(!(await alice.v1.conversations.$select(conversation.id).read()).unread);
    await alice.v1.conversations.$select(conversation.id).remove();
    assert.deepEqual(await alice.v1.conversations.list(), []);
    const marker = await bob.v1.markers.create({ home: { lastReadId: seen[0] } });
    assert.equal(marker.home.lastReadId, seen[0]);
    assert.equal((await bob.v1.markers.fetch({ timeline: ["home"] })).home.lastReadId, seen[0]);
  },

  async lists() {
    const list = await alice.v1.lists.create({ title: "friends", exclusive: true });
    await alice.v1.lists.$select(list.id).accounts.create({ accountIds: [him.id] });
    assert.deepEqual(acct(await alice.v1.lists.$select(list.id).accounts.list()), ["bob"]);
    assert.deepEqual(ids(await alice.v1.accounts.$select(him.id).lists.list()), [list.id]);
    assert.ok((await alice.v1.timelines.list.$select(list.id).list()).length > 0);
    assert.equal((await alice.v1.lists.$select(list.id).update({ title: "x" })).title, "x");
    await alice.v1.lists.$select(list.id).accounts.remove({ accountIds: [him.id] });
    assert.deepEqual(await alice.v1.lists.$select(list.id).accounts.list(), []);
    await alice.v1.lists.$select(list.id).remove();
    assert.deepEqual(await alice.v1.lists.list(), []);
  },

  async filters() {
    const filter = await bob.v2.filters.create({
      title: "no walnuts",
      context: ["home", "public"],
      filterAction: "warn",
      keywordsAttributes: [{ keyword: "walnut", wholeWord: false }],
    });
    const [status] = await bob.v1.timelines.tag.$select("walnut").list();
    assert.deepEqual(status.filtered[0].keywordMatches, ["walnut"]);
    await bob.v2.filters.$select(filter.id).statuses.create({ statusId: status.id });
    assert.equal((await bob.v2.filters.$select(filter.id).statuses.list()).length, 1);
    assert.equal((await bob.v2.filters.$select(filter.id).keywords.list()).length, 1);
    await bob.v2.filters.$select(filter.id).remove();
    assert.deepEqual(await bob.v2.filters.list(), []);
  },

  async tags() {
    assert.ok((await alice.v1.tags.$select("walnut").follow()).following);
    assert.deepEqual((await alice.v1.followedTags.list()).map((tag) => tag.name), ["walnut"]);
    assert.ok(!(await alice.v1.tags.$select("walnut").unfollow()).following);
    const featured = await alice.v1.featuredTags.create({ name: "walnut" });
    assert.equal((await anybody.v1.accounts.$select(me.id).featuredTags.list())[0].id, featured.id);
    await alice.v1.featuredTags.$select(featured.id).remove();
  },

  async search() {
    const found = await alice.v2.search.list({ q: "walnut" });
    assert.deepEqual(found.hashtags.map((tag) => tag.name), ["walnut"]);
    assert.deepEqual(acct((await alice.v2.search.list({ q: "bob", type: "accounts" })).accounts), ["bob"]);
    assert.ok((await alice.v2.search.list({ q: "number from:me", type: "statuses" })).statuses.length > 0);
    for (const kind of ["tags", "links", "statuses"]) assert.deepEqual(await anybody.v1.trends[kind].list(), []);
  },

  async notifications() {
    const kinds = (await alice.v1.notifications.list()).map((each) => each.type);
    for (const kind of ["follow", "favourite", "reblog", "mention", "quote"]) assert.ok(kinds.includes(kind), kind);
    const mentions = await alice.v1.notifications.list({ types: ["mention"] });
    assert.ok(mentions.every((each) => each.type === "mention"));
    assert.ok((await alice.v1.notifications.unreadCount.fetch()).count > 0);
    const grouped = await alice.v2.notifications.list();
    const group = grouped.notificationGroups.find((each) => each.type === "favourite");
    assert.deepEqual(group.sampleAccountIds, [him.id]);
    assert.ok(grouped.accounts.some((each) => each.id === him.id));
    assert.deepEqual(acct(await alice.v2.notifications.$select(group.groupKey).accounts.list()), ["bob"]);
    await alice.v2.notifications.$select(group.groupKey).dismiss();
    const policy = await alice.v2.notifications.policy.update({ forNotFollowing: "filter" });
    assert.equal(policy.forNotFollowing, "filter");
    await alice.v2.notifications.policy.update({ forNotFollowing: "accept" });
    assert.deepEqual(await alice.v1.notifications.requests.list(), []);
    await alice.v1.notifications.clear();
    assert.deepEqual(await alice.v1.notifications.list(), []);
  },

  async push() {
    const wish = { endpoint: "https://push.example.org/x", keys: KEYS };
    const made = await alice.v1.push.subscription.create({
      subscription: wish,
      data: { alerts: { mention: true } },
      policy: "all",
    });
    assert.equal(made.endpoint, wish.endpoint);
    assert.ok(made.alerts.mention && made.serverKey);
    assert.ok((await alice.v1.push.subscription.update({ data: { alerts: { follow: true } } })).alerts.follow);
    await alice.v1.push.subscription.remove();
    await assert.rejects(alice.v1.push.subscription.fetch(), { statusCode: 404 });
  },

  async announcements() {
    const [said] = await alice.v1.announcements.list();
    await alice.v1.announcements.$select(said.id).reactions.$select("👍").update();
    const [again] = await alice.v1.announcements.list();
    assert.deepEqual(again.reactions.map(({ name, count, me }) => [name, count, me]), [["👍", 1, true]]);
    await alice.v1.announcements.$select(said.id).dismiss();
    assert.deepEqual(await alice.v1.announcements.list(), []);
  },

  async streaming() {
    const { configuration } = await anybody.v2.instance.fetch();
    const streams = createStreamingAPIClient({
      streamingApiUrl: configuration.urls.streaming,
      accessToken: tokenOfAlice,
    });
    const heard = { user: [], tag: [] };
    const listen = async (subscription, into, last) => {
      for await (const event of subscription) {
        into.push([event.stream[0], event.event, event.payload]);
        if (event.event === last) break;
      }
    };
    const user = listen(streams.user.subscribe(), heard.user, "delete");
    const tag = listen(streams.hashtag.subscribe({ tag: "live" }), heard.tag, "update");
    await streams.prepare();
    // What a socket asks for has no answer, so posts are made until the first of them is told.
    const said = [];
    while (heard.tag.length === 0) {
      said.push(await bob.v1.statuses.create({ status: `@alice now ${said.length} #live` }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await tag;
    assert.ok(ids(said).includes(heard.tag[0][2].id));
    const latest = said.at(-1);
    await bob.v1.statuses.$select(latest.id).update({ status: "@alice then #live" });
    await bob.v1.statuses.$select(latest.id).remove();
    await user;
    streams.close();
    const events = new Set(heard.user.map(([, event]) => event));
    for (const event of ["update", "notification", "status.update", "delete"]) assert.ok(events.has(event), event);
    assert.equal(heard.user.at(-1)[2], latest.id);
  },

  async ending() {
    assert.ok((await alice.v1.accounts.$select(him.id).block()).blocking);
    assert.deepEqual(acct(await alice.v1.blocks.list()), ["bob"]);
    await assert.rejects(bob.v1.accounts.$select(me.id).follow(), { statusCode: 403 });
    assert.ok(!(await alice.v1.accounts.$select(him.id).unblock()).blocking);
    await alice.v1.accounts.updateCredentials({ locked: true });
    assert.ok((await bob.v1.accounts.$select(me.id).follow()).requested);
    assert.deepEqual(acct(await alice.v1.followRequests.list()), ["bob"]);
    await alice.v1.followRequests.$select(him.id).authorize();
    assert.ok(!(await alice.v1.accounts.$select(him.id).removeFromFollowers())?.followedBy);
    const report = await alice.v1.reports.create({ accountId: him.id, comment: "too many nuts" });
    assert.equal(report.targetAccount.id, him.id);
  },
};

for (const [name, area] of Object.entries(areas)) {
  await area();
  console.log(`ok ${name}`);
}
