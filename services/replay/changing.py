"""Settings with one thing changed, to see what would have come of it; the team's file stays as it is."""

from __future__ import annotations

from detection.waking import Sensitivity
from settings.model import Settings


def with_sensitivity(settings: Settings, sensitivity: Sensitivity) -> Settings:
    """As sensitive as said for every brand, also for those that have a word of their own."""
    brands = tuple(brand.model_copy(update={"sensitivity": None}) for brand in settings.brands)
    detection = settings.detection.model_copy(update={"sensitivity": sensitivity})
    return settings.model_copy(update={"brands": brands, "detection": detection})


def with_team_sensitivity(settings: Settings, sensitivity: Sensitivity) -> Settings:
    """As sensitive as said for the brands that have no word of their own."""
    detection = settings.detection.model_copy(update={"sensitivity": sensitivity})
    return settings.model_copy(update={"detection": detection})


def with_brand_sensitivity(settings: Settings, brand_id: str, sensitivity: Sensitivity) -> Settings:
    """As sensitive as said for one brand."""
    brands = tuple(
        brand.model_copy(update={"sensitivity": sensitivity}) if brand.id == brand_id else brand
        for brand in settings.brands
    )
    return settings.model_copy(update={"brands": brands})


def with_least_people(settings: Settings, people: int) -> Settings:
    """Where a wave of complaints takes so many people."""
    return settings.model_copy(update={"detection": settings.detection.model_copy(update={"least_people": people})})
