"""The bodies of the catalogue's API: the contract, as the OpenAPI document shows it."""

from pydantic import Field

from okplatform.kernel.api.views import Answer, Body

MOST_PRODUCTS = 1_000
MOST_COST = 1_000_000_000


class ProductCost(Body):
    """What one product costs."""

    sku: str = Field(min_length=1, max_length=64)
    cost: int | None = Field(
        ge=0,
        le=MOST_COST,
        description=(
            "What you pay for it without VAT, in minor units (cents), per piece or per 1,000 gram "
            "or millilitre; null where it is not known any more."
        ),
    )


class CostsBody(Body):
    """What products cost; those that are not named keep what they had."""

    costs: list[ProductCost] = Field(min_length=1, max_length=MOST_PRODUCTS)


class CostsAnswer(Answer):
    """How many products were written."""

    products: int
