"""The API of what the residents' face itself does: the face finds `router` here, filled by the modules of each part."""

from linli.faces.portal import api_consents, api_open, api_own
from linli.faces.portal.api_door import router

PARTS = (api_consents, api_open, api_own)

__all__ = ["PARTS", "router"]
