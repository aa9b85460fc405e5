"""A report as whoever filed it sees it, without I/O."""

from msgspec import Raw

from fedcoop import clock
from fedcoop.accounts import entities
from fedcoop.reports.types import Report, ReportEntity


def report_entity(report: Report, target: entities.Account | Raw) -> ReportEntity:
    """Who filed it is not in it."""
    return ReportEntity(
        id=str(report.id),
        action_taken=report.action_taken_at is not None,
        action_taken_at=clock.iso_or_none(report.action_taken_at),
        category=report.category,
        comment=report.comment,
        forwarded=report.forwarded,
        created_at=clock.iso(report.created_at),
        status_ids=[str(id_) for id_ in report.statuses],
        rule_ids=report.rules,
        collection_ids=[str(id_) for id_ in report.collections],
        target_account=target,
    )
