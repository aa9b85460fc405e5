"""What a client sent, as one typed struct: path, query, and a body of JSON or a form with Rails' keys.

A handler names a struct; `Reader` looks at its fields once, when the route is made, and then turns text into
what they are: `media_ids[]`, `poll[options][]` and `fields_attributes[0][name]` become lists and structs,
"1" and "on" become true, an empty field is as none. Mastodon's clients send all of these."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable
from typing import Any, Generic, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from aiohttp import http_exceptions, web
from aiohttp.web_request import FileField

from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import parse_id
from web.errors import Malformed

P = TypeVar("P", bound=msgspec.Struct)

MOST_PAIRS = 1000
DEEPEST = 6
# What aiohttp raises for a body that was cut off, or is not what its headers say.
BROKEN = (
    ValueError,
    LookupError,
    AssertionError,
    http_exceptions.HttpProcessingError,
    web.RequestPayloadError,
)
_FALSE = frozenset({"0", "f", "false", "off", "no"})
_KEY = re.compile(r"[^\[\]]+|\[[^\[\]]*\]")
_MISSING_FIELD = re.compile(r"missing required field `(\w+)`(?: - at `\$\.?(.*)`)?")

Pairs = Iterable[tuple[str, Any]]
Make = Callable[[Any, str], Any]


class Upload(msgspec.Struct, frozen=True):
    """A file in a form."""

    filename: str
    content_type: str
    file: Any


class _Absent:
    """A value that is as if it had not been sent."""


ABSENT = _Absent()


def nested(pairs: Pairs) -> dict[str, Any]:
    """`a[b][]=1` as `{"a": {"b": {"": ["1"]}}}`: Rails' reading of form keys. Raises `Malformed` when there
    are too many or they go too deep."""
    tree: dict[str, Any] = {}
    for count, (key, value) in enumerate(pairs):
        if count >= MOST_PAIRS:
            raise Malformed("Too many parameters")
        if "[" not in key:
            _put(tree, key, value)
            continue
        path = [part.strip("[]") for part in _KEY.findall(key)]
        if not path or not path[0]:
            continue
        if len(path) > DEEPEST:
            raise Malformed("Parameters are nested too deeply")
        _place(tree, path, value)
    return tree


def _put(node: dict[str, Any], key: str, value: Any) -> None:
    """A key that comes twice holds a list of both."""
    if key not in node:
        node[key] = value
    elif isinstance(before := node[key], list):
        before.append(value)
    elif not isinstance(before, dict):
        node[key] = [before, value]


def _place(node: dict[str, Any], path: list[str], value: Any) -> None:
    key, rest = path[0], path[1:]
    if not rest:
        if key == "":
            node.setdefault("", []).append(value)
        else:
            _put(node, key, value)
        return
    if key == "":
        # `fields[][name]`: a name that is already there begins the next element.
        elements = node.setdefault("", [])
        if not elements or not isinstance(elements[-1], dict) or rest[0] in elements[-1]:
            elements.append({})
        child = elements[-1]
    else:
        child = node.get(key)
        if not isinstance(child, dict):
            node[key] = child = {}
    _place(child, rest, value)


class Reader(Generic[P]):
    """Reads requests into one struct."""

    def __init__(self, struct: type[P]) -> None:
        self.struct = struct
        self._fields = _field_makers(struct)
        self.names = tuple(self._fields)

    async def read(self, request: web.Request) -> P:
        """Raises `Malformed`, `Invalid` with the field's name, or `NotFound` for an id that cannot be."""
        values: dict[str, Any] = {}
        if request.rel_url.raw_query_string:
            values = nested(request.query.items())
        if request.body_exists:
            values |= await body_of(request)
        if request.match_info:
            values.update(request.match_info)
        return self.make(values)

    def make(self, values: dict[str, Any]) -> P:
        """The struct of values that are still text, or of any type JSON knows."""
        made = {}
        for name, make in self._fields.items():
            if name in values and (value := make(values[name], name)) is not ABSENT:
                made[name] = value
        try:
            return msgspec.convert(made, self.struct, strict=False)
        except msgspec.ValidationError as problem:
            raise _in_words(problem) from None


async def body_of(request: web.Request) -> dict[str, Any]:
    """The body's values: JSON's object, or a form's tree. Raises `Malformed`, or aiohttp's 413."""
    kind = request.content_type
    if kind == "application/json" or kind.endswith("+json"):
        try:
            raw = await request.read()
        except BROKEN:
            raise Malformed("The request could not be read") from None
        if not raw.strip():
            return {}
        try:
            value = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Malformed("The request's JSON could not be read") from None
        if not isinstance(value, dict):
            raise Malformed("The request's JSON must be an object")
        return value
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            form = await request.post()
        except BROKEN:
            raise Malformed("The form could not be read") from None
        return nested((key, _uploaded(value)) for key, value in form.items())
    return {}


def _uploaded(value: Any) -> Any:
    if isinstance(value, FileField):
        return Upload(value.filename, value.content_type, value.file)
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    return value


def _in_words(problem: msgspec.ValidationError) -> Invalid:
    if found := _MISSING_FIELD.search(str(problem)):
        name = found[1]
        return Invalid(f"{name.replace('_', ' ').capitalize()} can't be blank", field=name)
    return Invalid(str(problem))


# How each type of field is made of what came.


def _field_makers(struct: type[msgspec.Struct]) -> dict[str, Make]:
    hints = get_type_hints(struct)
    return {field.encode_name: _maker(hints[field.name]) for field in msgspec.structs.fields(struct)}


def _maker(hint: Any) -> Make:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [option for option in get_args(hint) if option is not type(None)]
        if len(inner) == 1:
            return _or_none(_maker(inner[0]), blank=inner[0] is not str)
        return _as_is
    if isinstance(hint, NewType):
        return _id
    if origin is list or origin is tuple:
        return _list_of(_maker(get_args(hint)[0]))
    if origin is Literal:
        return _one_of(get_args(hint))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint is not Upload:
        return _struct_of(hint)
    return _MAKERS.get(hint, _as_is)


def _last(value: Any) -> Any:
    """Where one value is wanted, the last of several counts."""
    return value[-1] if isinstance(value, list) and value else value


def _bool(value: Any, name: str) -> Any:
    value = _last(value)
    if value is None or value == "":
        return ABSENT
    if isinstance(value, str):
        return value.lower() not in _FALSE
    if isinstance(value, (bool, int)):
        return bool(value)
    raise Invalid(f"{name} must be true or false", field=name)


def _int(value: Any, name: str) -> Any:
    value = _last(value)
    if value is None or value == "":
        return ABSENT
    try:
        number = int(value) if isinstance(value, (str, int)) and len(str(value)) < 19 else None
    except ValueError:
        number = None
    if number is None:
        raise Invalid(f"{name} must be a whole number", field=name)
    return number


def _id(value: Any, name: str) -> Any:
    value = _last(value)
    if value is None or value == "":
        return ABSENT
    if isinstance(value, (str, int)):
        return parse_id(str(value))
    raise NotFound


def _str(value: Any, name: str) -> Any:
    value = _last(value)
    if value is None:
        return ABSENT
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Invalid(f"{name} must be text", field=name)
    text = str(value)
    # Neither database nor anybody's client wants these: NUL, and halves of surrogate pairs.
    if "\0" in text or not text.isprintable():
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
    return text


def _upload(value: Any, name: str) -> Any:
    value = _last(value)
    if value is None or value == "":
        return ABSENT
    if isinstance(value, Upload):
        return value
    raise Invalid(f"{name} must be a file", field=name)


def _as_is(value: Any, name: str) -> Any:
    return ABSENT if isinstance(value, Upload) else value


def _or_none(make: Make, *, blank: bool) -> Make:
    def made(value: Any, name: str) -> Any:
        if value is None:
            return None
        if blank and value == "":
            return None
        return make(value, name)

    return made


def _list_of(make: Make) -> Make:
    def made(value: Any, name: str) -> Any:
        if value is None:
            return ABSENT
        if isinstance(value, dict):
            # `name[]=…` or `name[0]=…`; anything else is one element.
            if "" in value:
                value = value[""] if isinstance(value[""], list) else [value[""]]
            elif all(key.isdigit() and len(key) < 6 for key in value):
                value = [value[key] for key in sorted(value, key=int)]
            else:
                value = [value]
        elif not isinstance(value, list):
            value = [] if value == "" else [value]
        elements = (make(element, name) for element in value)
        return [element for element in elements if element is not ABSENT]

    return made


def _struct_of(struct: type[msgspec.Struct]) -> Make:
    makers = _field_makers(struct)

    def made(value: Any, name: str) -> Any:
        if value is None or value == "":
            return ABSENT
        if not isinstance(value, dict):
            raise Invalid(f"{name} must be an object", field=name)
        fields = {key: make(value[key], f"{name}.{key}") for key, make in makers.items() if key in value}
        return {key: field for key, field in fields.items() if field is not ABSENT}

    return made


def _one_of(options: tuple[Any, ...]) -> Make:
    def made(value: Any, name: str) -> Any:
        value = _last(value)
        if value is None or value == "":
            return ABSENT
        if value not in options:
            raise Invalid(f"{name} must be one of {', '.join(map(str, options))}", field=name)
        return value

    return made


_MAKERS: dict[Any, Make] = {bool: _bool, int: _int, str: _str, Upload: _upload}
