"""Which names a restriction covers, for SQL."""


def names_within(domain: str) -> dict[str, str]:
    """Parameters of `queries._within`: the canonical domain, patterns of those below it, and of either at some
    port. A domain that was named with a port stands for itself alone."""
    if ":" in domain:
        return {"domain": domain, "below": "", "with_port": "", "below_with_port": ""}
    escaped = domain.replace("_", r"\_")
    return {
        "domain": domain,
        "below": f"%.{escaped}",
        "with_port": f"{escaped}:%",
        "below_with_port": f"%.{escaped}:%",
    }
