"""Who may learn of what happens, right now, and how each of them sees it. What happened is `fedcoop.events`; the
open sockets are `web.streaming`."""
