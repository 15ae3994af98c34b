"""One model a file. Rows are scoped by the unit of the department that delivers."""

from xiezhi.web.deliveries.models.chase import Chase
from xiezhi.web.deliveries.models.delivery import Delivery
from xiezhi.web.deliveries.models.upload import Upload

__all__ = ["Chase", "Delivery", "Upload"]
