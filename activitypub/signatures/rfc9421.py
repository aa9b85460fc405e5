"""HTTP Message Signatures (RFC 9421), requests only, with the components that servers of our kind use."""

import msgspec

from activitypub.errors import BadSignature
from activitypub.signatures import digest
from activitypub.signatures.fields import Item, dictionary
from activitypub.signatures.message import Message
from activitypub.signatures.times import OLDEST, check_created, check_expires

ALGORITHMS = frozenset({"rsa-v1_5-sha256", "ed25519"})


class Input(msgspec.Struct, frozen=True):
    """One label of `Signature-Input` with its signature."""

    label: str
    components: tuple[Item, ...]
    params: dict[str, str | int | bytes | bool]
    raw: str
    signature: bytes


def read_input(message: Message) -> Input:
    """The one signature of the request. Raises `BadSignature` for none, several, or a broken one."""
    inputs = dictionary(message.combined("signature-input"))
    signatures = dictionary(message.combined("signature"))
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise BadSignature("there is not exactly one signature")
    ((label, item),) = inputs.items()
    signature = signatures[label].value
    if not isinstance(item.value, tuple) or not isinstance(signature, bytes):
        raise BadSignature("the signature is not of the form that RFC 9421 gives it")
    return Input(label, item.value, item.params, item.raw, signature)


def check(message: Message, found: Input, now: int) -> str:
    """The key's id. Raises `BadSignature` where the signature covers too little or is out of its time."""
    names = [str(component.value) for component in found.components]
    if len(set(names)) != len(names):
        raise BadSignature("a component is covered twice")
    if any(component.params for component in found.components):
        raise BadSignature("components with parameters are not accepted")
    if "@method" not in names or "@target-uri" not in names:
        raise BadSignature("the signature does not cover @method and @target-uri")
    key_id, created, expires = (found.params.get(name) for name in ("keyid", "created", "expires"))
    if not isinstance(key_id, str) or not key_id:
        raise BadSignature("the signature names no key")
    if isinstance(created, bool) or not isinstance(created, int):
        raise BadSignature("the signature does not say when it was made")
    check_created(created, now)
    if expires is not None:
        if isinstance(expires, bool) or not isinstance(expires, int) or expires > created + OLDEST:
            raise BadSignature("the signature is valid for too long")
        check_expires(expires, now)
    if found.params.get("alg", "ed25519") not in ALGORITHMS:
        raise BadSignature("an algorithm that we do not accept")
    if message.body or message.method == "POST":
        if "content-digest" not in names:
            raise BadSignature("the signature does not cover content-digest")
        digest.check_content_digest(message.combined("content-digest"), message.body)
    return key_id


def base(message: Message, components: tuple[Item, ...], raw: str) -> bytes:
    """The signature base (section 2.5). Raises `BadSignature` for a component that we do not know."""
    lines = [f'"{component.value!s}": {_value(message, component)}' for component in components]
    lines.append(f'"@signature-params": {raw}')
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _value(message: Message, component: Item) -> str:
    name = component.value
    if not isinstance(name, str):
        raise BadSignature("a component is not a string")
    path, _, query = message.target.partition("?")
    match name:
        case "@method":
            return message.method
        case "@target-uri":
            return f"{message.scheme}://{message.authority}{message.target}"
        case "@authority":
            return message.authority
        case "@scheme":
            return message.scheme
        case "@request-target":
            return message.target
        case "@path":
            return path or "/"
        case "@query":
            return f"?{query}"
    if name.startswith("@") or name != name.lower():
        raise BadSignature(f"the component {name} is unknown")
    return message.combined(name)
