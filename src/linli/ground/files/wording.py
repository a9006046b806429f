"""Why a file was not taken in, in the words of the page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.ground.files.storing import UploadRefused

REFUSALS: dict[str, Promise] = {
    "empty": _("“%(name)s”是空文件，请重新选择。"),
    "too_large": _("“%(name)s”超过 %(megabytes)s MB，请压缩后再上传。"),
    "unknown_type": _(
        "“%(name)s”的类型不能上传。可以上传照片（JPG、PNG、WebP）、PDF、Word（docx）和 Excel（xlsx）文件，不含宏。"
    ),
    "broken_image": _("“%(name)s”不是完好的图片，请重新拍照或另存后再上传。"),
    "too_many_pixels": _("“%(name)s”的像素太多（最多 %(megapixels)s 百万），请缩小后再上传。"),
    "infected": _("“%(name)s”里查出了病毒，没有收下。请用杀毒软件检查这台设备，再上传没有病毒的文件。"),
    "try_later": _("“%(name)s”现在无法检查或保存，没有收下。请过几分钟再上传一次；文字可以先提交。"),
}


def refusal_words(refusal: UploadRefused) -> str:
    """What to tell the person whose file was refused."""
    return str(REFUSALS[refusal.code]) % {"name": refusal.name, **refusal.values}
