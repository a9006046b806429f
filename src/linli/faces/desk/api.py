"""The API of what the desk itself does: the face finds `router` here, filled by the modules of administration."""

from linli.faces.desk.administration import api_accounts, api_log, api_privacy, api_reforms
from linli.faces.desk.administration.api_door import router

PARTS = (api_accounts, api_log, api_privacy, api_reforms)

__all__ = ["PARTS", "router"]
