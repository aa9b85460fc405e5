"""Pictures, films and sounds that members upload: taken in by `processing`, kept by `storage`, described and
removed by `actions`, converted by the jobs in `developing`. What hangs on a status is ordered by
`fedcoop.statuses`; serving the files is `web.media`."""

from fedcoop.media import access, actions, copies, developing, files, processing, storage

__all__ = ["access", "actions", "copies", "developing", "files", "processing", "storage"]
