"""The retailer's own tables."""

from merchants.models.live_figure import LiveFigure

__all__ = ["LiveFigure"]
