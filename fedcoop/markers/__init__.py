"""How far a member has read a timeline, shared by all their clients."""

from fedcoop.markers.actions import save
from fedcoop.markers.queries import TIMELINES, Marker

__all__ = ["TIMELINES", "Marker", "save"]
