"""What a proposal can do when it passes: typed changes that the server carries out itself. Saying them in
words is in `words`, doing them in `actions`."""

from typing import Any, ClassVar

import msgspec

LONGEST_COMMENT = 1000
LONGEST_RESOLUTION = 4000


class _Act(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """What all acts share: `type` in JSON tells them apart."""

    decided_as: ClassVar[str] = ""
    """The only kind of proposal that may carry it, so that nobody picks an easier rule; empty for any kind."""


class _OnDomain(_Act, frozen=True, kw_only=True):
    decided_as: ClassVar[str] = "federation"
    domain: str
    reject_media: bool = False
    reject_reports: bool = False
    obfuscate: bool = False
    public_comment: str = ""


class SuspendDomain(_OnDomain, frozen=True, tag="suspend_domain", kw_only=True):
    """Nothing passes between us and a server any more; follows are cut."""


class LimitDomain(_OnDomain, frozen=True, tag="limit_domain", kw_only=True):
    """A server's accounts are only seen by those who follow them."""


class LiftDomain(_Act, frozen=True, tag="lift_domain"):
    """A suspended or limited server is treated like any other again."""

    decided_as: ClassVar[str] = "federation"
    domain: str


class Resolve(_Act, frozen=True, tag="resolve"):
    """Words only: what the members think or ask somebody to do."""

    text: str


Act = SuspendDomain | LimitDomain | LiftDomain | Resolve
ACTS: tuple[type[Act], ...] = (SuspendDomain, LimitDomain, LiftDomain, Resolve)


def act_from(data: object) -> Act:
    """An act from plain data. Raises ValueError (msgspec.ValidationError) naming what is wrong."""
    act: Act = msgspec.convert(data, Act)
    return act


def to_data(act: Act) -> dict[str, Any]:
    """As plain data, `type` first."""
    data: dict[str, Any] = msgspec.to_builtins(act)
    return data


class ActSchema(msgspec.Struct, frozen=True):
    """A kind of act, for those who want to write one."""

    type: str
    summary: str
    schema: dict[str, Any]


def schemas() -> list[ActSchema]:
    """Every kind of act with its JSON Schema."""
    return [
        ActSchema(
            type=str(each.__struct_config__.tag),
            summary=(each.__doc__ or "").strip(),
            schema=msgspec.json.schema(each, ref_template="#/$defs/{name}"),
        )
        for each in ACTS
    ]
