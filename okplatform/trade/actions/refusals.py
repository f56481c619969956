"""What writing a sale may refuse."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class SaleNotOpen(Refusal):
    """The sale has been paid or cancelled and stays so."""

    code = "sale_not_open"
    sentence = _("This sale has ended already. Start a new one.")


class SaleExists(Refusal):
    """The merchant has used this UUID already."""

    code = "sale_exists"
    sentence = _("This sale is known already. Ask for its verdict.")


class GtinInvalid(Refusal):
    """The bar code's length or check digit is wrong."""

    code = "gtin_invalid"
    status = 422
    sentence = _("This bar code is not right. Scan it again, or check it digit by digit.")


class ProductsUnknown(Refusal):
    """The merchant has no products with these SKUs; ``unknown`` are the first of ``count``."""

    code = "products_unknown"
    status = 422
    sentence = _("{count} are not in your catalogue, such as {unknown}. Nothing was changed.")


class ProductTwice(Refusal):
    """One SKU is named twice."""

    code = "product_twice"
    status = 422
    sentence = _("A product is named twice. Nothing was changed.")


class LiveKeyNeeded(Refusal):
    """There is one catalogue, and a rehearsal does not change it."""

    code = "live_key_needed"
    status = 403
    sentence = _("A test key cannot change your products. Use a live key.")


class CategoryUnknown(Refusal):
    """The merchant has no category with this reference."""

    code = "category_unknown"
    status = 404
    sentence = _("There is no such category. Make it first.")
