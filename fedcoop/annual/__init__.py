"""A member's year in numbers, made when the member asks for it, near the year's end or later."""
