"""The public record: checkpoints, the files to check it by, and the check of one's own receipt."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.faces.portal.forms import ReceiptForm
from linli.faces.portal.reads import all_checkpoints, checkpoint_page, newest_checkpoint, published_rows
from linli.ground.look.pages import render_page
from linli.ground.people.doors import Request, public
from linli.ground.record.bundle import checkpoint_line
from linli.ground.record.canonical import canonical
from linli.ground.record.keys import public_log_key_text
from linli.ground.record.receipts import ReceiptUnreadable, verify_receipt

JSON_LINES = "application/x-ndjson; charset=utf-8"


@public
@require_safe
def checkpoints(request: Request) -> HttpResponse:
    """What the log is, its newest checkpoint, all earlier ones, and how to check it by oneself."""
    before = _whole(request.GET.get("before"))
    page = checkpoint_page(before)
    here = reverse("checkpoints")
    newest = newest_checkpoint()
    context = {
        "newest": checkpoint_line(newest) | {"moment": newest.at} if newest else None,
        "rows": [checkpoint_line(row) | {"moment": row.at} for row in page.rows],
        "first": here if before else "",
        "next": f"{here}?before={page.before}" if page.before else "",
        "key": public_log_key_text(),
    }
    return render_page(request, "portal/checkpoints.html", context)


@public
@require_safe
def checkpoints_file(_request: Request) -> HttpResponseBase:
    """`checkpoints.jsonl` of the bundle."""
    lines = (canonical(checkpoint_line(row)) + b"\n" for row in all_checkpoints())
    return _download(StreamingHttpResponse(lines, content_type=JSON_LINES), "checkpoints.jsonl")


@public
@require_safe
def rows_file(request: Request) -> HttpResponseBase:
    """`rows.jsonl` of the bundle up to the newest checkpoint; `from` and `to` (excluded) cut a range of positions."""
    newest = newest_checkpoint()
    size = newest.size if newest else 0
    start = min(_whole(request.GET.get("from")), size)
    end = min(_whole(request.GET.get("to")) or size, size)
    answer = StreamingHttpResponse(published_rows(start, end), content_type=JSON_LINES)
    answer["X-Log-Size"] = str(size)
    whole = (start, end) == (0, size)
    return _download(answer, "rows.jsonl" if whole else f"rows-{start}-{end}.jsonl")


@public
@require_safe
def key_file(_request: Request) -> HttpResponseBase:
    """`public.pem` of the bundle."""
    return _download(HttpResponse(public_log_key_text(), content_type="application/x-pem-file"), "public.pem")


@public
@never_cache
def check_receipt(request: Request) -> HttpResponse:
    """Whether a receipt is genuine, and where its row stands in the log."""
    if request.method != "POST":
        return render_page(request, "portal/check_receipt.html", {"form": ReceiptForm(), "check": None})
    form, check = ReceiptForm(request.POST), None
    if form.is_valid():
        try:
            check = verify_receipt(form.cleaned_data["receipt"])
        except ReceiptUnreadable:
            form.add_error("receipt", _("这不是完整的回执，可能漏复制了几个字符，请整段再粘贴一次"))
    context = {"form": form, "check": check}
    return render_page(request, "portal/check_receipt.html", context, status=200 if check else 422)


def _download(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _whole(text: str | None) -> int:
    """A whole number of an address, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
