"""Open streams: WebSockets and server-sent events. https://docs.joinmastodon.org/methods/streaming/

`endpoints` takes them in, `sockets` writes to each, `hub` knows them all, `telling` says to whom what happened is
told. What may be told is decided in `fedcoop.streams`."""
