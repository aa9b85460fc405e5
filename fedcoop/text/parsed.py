"""HTML that has to be parsed in full before it is safe: bleach with our list, which stands in `safe`."""

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined] # its stubs forget it
from bleach.sanitizer import Cleaner

from fedcoop.text.safe import ATTRIBUTES, HEADINGS, SCHEMES, TAGS, allowed_attributes


def cleaned(source: str) -> str:
    """Only what is allowed, well-formed. May raise on HTML that nobody has thought of."""
    cleaner = Cleaner(
        tags=TAGS | HEADINGS,
        attributes=ATTRIBUTES,
        protocols=SCHEMES,
        strip=True,
        strip_comments=True,
        filters=[_Ours],
    )
    return cleaner.clean(source)


class _Ours(Filter):  # type: ignore[misc]
    """What bleach cannot say: headings become bold, classes and links are looked at."""

    def __iter__(self):  # type: ignore[no-untyped-def] # html5lib's filters have no types
        links: list[bool] = []
        for token in Filter.__iter__(self):
            kind, name = token["type"], token.get("name")
            if name in HEADINGS:
                pair = ("p", "strong") if kind == "StartTag" else ("strong", "p")
                for each in pair:
                    yield {**token, "name": each, "data": {}}
                continue
            if kind in ("StartTag", "EmptyTag"):
                kept = allowed_attributes(name, {key[1]: value for key, value in token["data"].items()})
                if name == "a":
                    links.append(kept is not None)
                if kept is None:
                    continue
                token["data"] = {(None, key): value for key, value in kept.items()}
            elif kind == "EndTag" and name == "a" and links and not links.pop():
                continue
            yield token
