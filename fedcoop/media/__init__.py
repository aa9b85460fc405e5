"""Pictures that members upload: taken in by `processing`, kept on disk by `files`, described and removed by
`actions`. What hangs on a status is ordered by `fedcoop.statuses`; serving the files is `web.media`."""

from fedcoop.media import access, actions, files, processing

__all__ = ["access", "actions", "files", "processing"]
