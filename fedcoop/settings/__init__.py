"""What members may change while the server runs, unlike `fedcoop.config`: how the instance presents itself."""

from fedcoop.settings.access import Settings, applied, read
from fedcoop.settings.actions import change

__all__ = ["Settings", "applied", "change", "read"]
