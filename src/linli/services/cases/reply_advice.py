"""What a draft seems to lack, in words for its author, reviewer and signer: advice that nothing waits for."""

from django.utils.translation import gettext as _

from linli.methods.reply_check import Lack, advise


def advice_on(demand: str, draft: str) -> list[str]:
    """One sentence for each thing; empty where nothing is found, or there is no draft."""
    return [_words(each.lack, each.about) for each in advise(demand, draft)] if draft.strip() else []


def _words(lack: Lack, about: str) -> str:
    match lack:
        case Lack.EMPTY:
            return _("除了客套和转办，没有写出实际内容。")
        case Lack.QUESTION:
            return _("好像没有回应这一句：“%(question)s”") % {"question": about}
        case Lack.DONE:
            return _("没有写明做了什么。")
        case Lack.WHEN:
            return _("没有写明什么时候办的，或什么时候办好。")
        case Lack.CONTACT:
            return _("没有留下可以继续询问的电话或联系人。")
