"""Personal details in a citizen's message or its reply: found, and masked for publication.

What is found is a proposal. A clerk sees the text and its masked form side by side and confirms or corrects
it, so the finder would rather mark a word too many than let a name through.
"""

from linli.kernel.personal.finder import find_personal
from linli.kernel.personal.findings import Finding, Kind
from linli.kernel.personal.masking import mask

__all__ = ["Finding", "Kind", "find_personal", "mask"]
