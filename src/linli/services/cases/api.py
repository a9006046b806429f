"""The API of demands: the face finds `router` here, filled by the modules of each part."""

from linli.services.cases import api_desk, api_imports, api_reading, api_receiving, api_steps, uploads_by_token
from linli.services.cases.api_door import router

PARTS = (api_desk, api_imports, api_reading, api_receiving, api_steps, uploads_by_token)

__all__ = ["PARTS", "router"]
