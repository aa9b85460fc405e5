"""What a proposal can do when it passes: typed changes that the server carries out itself. Saying them in
words is in `words`, doing them in `actions`, what they leave in force in `places`."""

from typing import Any, ClassVar, Literal

import msgspec

LONGEST_COMMENT = 1000
LONGEST_RESOLUTION = 4000
LONGEST_DOCUMENT = 100_000

Document = Literal["code_of_conduct", "privacy_policy", "terms_of_service", "about"]
Setting = Literal[
    "title", "description", "contact_email", "contact_account", "languages", "thumbnail",
    "status_max_chars", "poll_max_options", "poll_max_option_chars",
]  # fmt: skip
Registrations = Literal["open", "approval", "closed"]


class _Act(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """What all acts share: `type` in JSON tells them apart."""

    decided_as: ClassVar[str] = ""
    """The only kind of proposal that may carry it, so that nobody picks an easier rule; empty for any kind."""
    people: ClassVar[tuple[str, ...]] = ()
    """Fields that name somebody: the ledger has a pseudonym there."""
    texts: ClassVar[tuple[str, ...]] = ()
    """Fields that may be long: the ledger then has their SHA-256."""


class _OnDomain(_Act, frozen=True, kw_only=True):
    decided_as: ClassVar[str] = "federation"
    texts: ClassVar[tuple[str, ...]] = ("public_comment",)
    domain: str
    reject_media: bool = False
    reject_reports: bool = False
    obfuscate: bool = False
    public_comment: str = ""


class SuspendDomain(_OnDomain, frozen=True, tag="suspend_domain", kw_only=True):
    """Nothing passes between us and a server any more; follows are cut."""


class LimitDomain(_OnDomain, frozen=True, tag="limit_domain", kw_only=True):
    """A server's accounts are only seen by those who follow them."""


class AllowDomain(_Act, frozen=True, tag="allow_domain", kw_only=True):
    """A server is treated like any other although one above it is restricted; no shared list proposes it."""

    decided_as: ClassVar[str] = "federation"
    texts: ClassVar[tuple[str, ...]] = ("public_comment",)
    domain: str
    public_comment: str = ""


class LiftDomain(_Act, frozen=True, tag="lift_domain"):
    """A suspended or limited server is treated like any other again; follows that were cut are asked for
    anew."""

    decided_as: ClassVar[str] = "federation"
    domain: str


class SubscribeList(_Act, frozen=True, tag="subscribe_list", kw_only=True):
    """A list of servers that others share is read regularly; what changes in it becomes proposals here, and
    nothing else. With `subscribed` false it is read no more."""

    decided_as: ClassVar[str] = "federation"
    url: str
    title: str = ""
    subscribed: bool = True


class JoinRelay(_Act, frozen=True, tag="join_relay", kw_only=True):
    """A relay gets what is posted here in public and sends what is posted elsewhere; `relay` is the address of its
    inbox, or of its actor. With `joined` false it does so no more."""

    decided_as: ClassVar[str] = "federation"
    relay: str
    joined: bool = True


class _OnAccount(_Act, frozen=True, kw_only=True):
    decided_as: ClassVar[str] = "moderation"
    people: ClassVar[tuple[str, ...]] = ("account",)
    account: str
    """A handle: `alice`, or `bob@elsewhere.example`."""


class LimitAccount(_OnAccount, frozen=True, tag="limit_account", kw_only=True):
    """An account is only seen by those who follow it."""


class SensitizeAccount(_OnAccount, frozen=True, tag="sensitize_account", kw_only=True):
    """The media of all that an account posts are hidden until somebody wants to see them; with `sensitive` false
    only those that their author hides."""

    sensitive: bool = True


class SuspendAccount(_OnAccount, frozen=True, tag="suspend_account", kw_only=True):
    """Nothing of an account is shown or accepted any more, and nobody signs in to it."""


class RestoreAccount(_OnAccount, frozen=True, tag="restore_account", kw_only=True):
    """A limited or suspended account is like any other again."""


class _OnStatus(_Act, frozen=True, kw_only=True):
    decided_as: ClassVar[str] = "moderation"
    status: str
    """Its id here."""


class RemoveStatus(_OnStatus, frozen=True, tag="remove_status", kw_only=True):
    """A post is shown to nobody, and other servers are told to delete it. With `removed` false it is shown
    again, and sent again."""

    removed: bool = True


class MarkSensitive(_OnStatus, frozen=True, tag="mark_sensitive", kw_only=True):
    """The media of a post are hidden until somebody wants to see them; with `sensitive` false no longer."""

    sensitive: bool = True


class _OfRules(_Act, frozen=True, kw_only=True):
    decided_as: ClassVar[str] = "policy"
    texts: ClassVar[tuple[str, ...]] = ("text", "hint", "translations")


class AdoptRule(_OfRules, frozen=True, tag="adopt_rule", kw_only=True):
    """A rule for everybody on this server, after the others. `rule` is the id it gets; leave it out.
    `translations` are `{"de": {"text": …, "hint": …}}`."""

    text: str
    hint: str = ""
    translations: dict[str, dict[str, str]] | str = {}
    rule: str = ""


class AmendRule(_OfRules, frozen=True, tag="amend_rule", kw_only=True):
    """Other words for a rule that is in force."""

    rule: str
    text: str
    hint: str = ""
    translations: dict[str, dict[str, str]] | str = {}


class RepealRule(_Act, frozen=True, tag="repeal_rule", kw_only=True):
    """A rule is in force no longer."""

    decided_as: ClassVar[str] = "policy"
    rule: str


class AdoptDocument(_Act, frozen=True, tag="adopt_document", kw_only=True):
    """A new version of a document, in Markdown; `effective` is the day from which it holds (2026-12-24), by
    default the day of the decision. An empty text withdraws the document."""

    decided_as: ClassVar[str] = "policy"
    texts: ClassVar[tuple[str, ...]] = ("text",)
    document: Document
    text: str
    effective: str = ""


class SetRegistrations(_Act, frozen=True, tag="set_registrations", kw_only=True):
    """Who may get an account: anybody, those who are approved, nobody; None as the operator has set it up."""

    decided_as: ClassVar[str] = "policy"
    texts: ClassVar[tuple[str, ...]] = ("message",)
    mode: Registrations | None
    message: str = ""


class SetSetting(_Act, frozen=True, tag="set_setting", kw_only=True):
    """How this server presents itself, and its limits; without a value as the operator has set it up."""

    decided_as: ClassVar[str] = "policy"
    texts: ClassVar[tuple[str, ...]] = ("value",)
    key: Setting
    value: str | int | list[str] | None = None


class AdmitMember(_Act, frozen=True, tag="admit_member", kw_only=True):
    """An account of this server becomes a member of the co-operative."""

    decided_as: ClassVar[str] = "membership"
    people: ClassVar[tuple[str, ...]] = ("account",)
    account: str
    standing: Literal["probation", "good", "paused", "lapsed"] = "good"


class ExpelMember(_Act, frozen=True, tag="expel_member", kw_only=True):
    """A member is one no longer: their votes, delegations and offices end."""

    decided_as: ClassVar[str] = "membership"
    people: ClassVar[tuple[str, ...]] = ("account",)
    account: str


class GrantMandate(_Act, frozen=True, tag="grant_mandate", kw_only=True):
    """A member holds an office for a `term` ("365 days"), or `until` a moment."""

    decided_as: ClassVar[str] = "role"
    people: ClassVar[tuple[str, ...]] = ("account",)
    account: str
    office: str
    term: str = ""
    until: str = ""


class RevokeMandate(_Act, frozen=True, tag="revoke_mandate", kw_only=True):
    """A member is recalled from an office."""

    decided_as: ClassVar[str] = "role"
    people: ClassVar[tuple[str, ...]] = ("account",)
    account: str
    office: str


class AmendConstitution(_Act, frozen=True, tag="amend_constitution", kw_only=True):
    """Other rules for deciding: the whole text as JSON or TOML, or the name of one that comes with the
    program. Votes that are open keep the rule under which they opened."""

    decided_as: ClassVar[str] = "bylaw"
    constitution: dict[str, Any] | str


class Announce(_Act, frozen=True, tag="announce", kw_only=True):
    """Everybody here reads this in their app. `announcement` is the id it gets; leave it out. With `published`
    false it is taken back."""

    decided_as: ClassVar[str] = "policy"
    texts: ClassVar[tuple[str, ...]] = ("text",)
    text: str
    announcement: str = ""
    published: bool = True


class Resolve(_Act, frozen=True, tag="resolve"):
    """Words only: what the members think or ask somebody to do."""

    text: str


Act = (
    SuspendDomain | LimitDomain | AllowDomain | LiftDomain | SubscribeList | JoinRelay
    | LimitAccount | SensitizeAccount | SuspendAccount | RestoreAccount | RemoveStatus | MarkSensitive
    | AdoptRule | AmendRule | RepealRule | AdoptDocument | SetRegistrations | SetSetting
    | AdmitMember | ExpelMember | GrantMandate | RevokeMandate | AmendConstitution | Announce | Resolve
)  # fmt: skip
ACTS: tuple[type[Act], ...] = (
    SuspendDomain, LimitDomain, AllowDomain, LiftDomain, SubscribeList, JoinRelay,
    LimitAccount, SensitizeAccount, SuspendAccount, RestoreAccount, RemoveStatus, MarkSensitive,
    AdoptRule, AmendRule, RepealRule, AdoptDocument, SetRegistrations, SetSetting,
    AdmitMember, ExpelMember, GrantMandate, RevokeMandate, AmendConstitution, Announce, Resolve,
)  # fmt: skip


def act_from(data: object) -> Act:
    """An act from plain data. Raises ValueError (msgspec.ValidationError) naming what is wrong."""
    act: Act = msgspec.convert(data, Act)
    return act


def to_data(act: Act) -> dict[str, Any]:
    """As plain data, `type` first."""
    data: dict[str, Any] = msgspec.to_builtins(act)
    return data


def tag(act: Act) -> str:
    """What kind of act it is: `suspend_domain`."""
    return str(act.__struct_config__.tag)


class ActSchema(msgspec.Struct, frozen=True):
    """A kind of act, for those who want to write one. `decided_as`: the kind of proposal that carries it, empty
    for any."""

    type: str
    summary: str
    decided_as: str
    schema: dict[str, Any]


def schemas() -> list[ActSchema]:
    """Every kind of act with its JSON Schema."""
    return [
        ActSchema(
            type=str(each.__struct_config__.tag),
            summary=" ".join((each.__doc__ or "").split()),
            decided_as=each.decided_as,
            schema=msgspec.json.schema(each, ref_template="#/$defs/{name}"),
        )
        for each in ACTS
    ]


class InForce(msgspec.Struct, frozen=True):
    """A row of `acts_in_force`: the act that changed a place last, and why."""

    place: str
    act: str
    because: str
    since: int
    ledger_index: int

    @property
    def what(self) -> Act:
        """The act itself."""
        return act_from(msgspec.json.decode(self.act))


class Cause(msgspec.Struct, frozen=True):
    """Why an act is carried out: `because` (`proposal:ID`), the entry that says so, when that was, and the reason
    that whom it concerns is told."""

    because: str
    index: int
    at: int
    reason: str = ""
