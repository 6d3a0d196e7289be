"""Pages: the datasets of a workspace and what else left it, making one, looking at one, its file and the workspace's key."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.kit.clock import now
from masthead.rights.datasets.ask import ask_for, delete_file
from masthead.rights.datasets.forms import DatasetForm
from masthead.rights.datasets.words import USE_WORDS, kept_in, rows_of
from masthead.rights.desk.grant import stands
from masthead.rights.made import is_held
from masthead.rights.models import Dataset, Release
from masthead.rights.signing import change_key, key_of
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May

PAGE = 20


def dataset_of(request: HttpRequest, dataset_id: int) -> Dataset:
    """A dataset of the workspace; 404 for another's."""
    found = Dataset.objects.select_related("release", "asked_by", "workspace")
    found = found.filter(workspace=request.workspace, pk=dataset_id).first()
    if found is None:
        raise Http404("There is no such dataset in this workspace.")
    return found


@member_view(May.SEE)
@require_GET
def datasets(request: HttpRequest, slug: str) -> HttpResponse:
    """Datasets, and everything that left through the gate."""
    made = Dataset.objects.filter(workspace=request.workspace)[:50]
    for row in made:
        row.use_word, row.number = USE_WORDS.get(row.use, row.use), rows_of(row)
    left = Paginator(Release.objects.filter(workspace=request.workspace), PAGE).get_page(request.GET.get("page"))
    for one in left.object_list:
        one.use_word = USE_WORDS.get(one.use, one.use)
    return render(request, "rights/datasets/list.html", {"datasets": made, "releases": left})


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a dataset; filters may come in the address."""
    first = {name: request.GET[name] for name in ("grant", "account", "kind", "since", "until") if name in request.GET}
    form = DatasetForm(request.POST or None, workspace=request.workspace, initial=first)
    if request.method == "POST" and form.is_valid():
        row = ask_for(request.workspace, form.fields_of(), by=request.user, now=now())
        record(request, request.workspace, "rights.dataset_asked", row.name, use=row.use, purpose=row.purpose)
        return redirect("rights:dataset", slug, row.pk)
    return render(request, "rights/datasets/new.html", {"form": form}, status=400 if form.errors else 200)


@member_view(May.SEE)
@require_GET
def show(request: HttpRequest, slug: str, dataset_id: int) -> HttpResponse:
    """What is in it, what stayed out and why, and how to check it."""
    row = dataset_of(request, dataset_id)
    about = {"dataset": row, "use": USE_WORDS.get(row.use, row.use), "kept_in": kept_in(row), "number": rows_of(row)}
    why_not = {"over": not stands(request.workspace, row.grant, now()), "held": is_held(row)}
    return render(request, "rights/datasets/show.html", about | why_not)


@member_view(May.CONNECT)
@require_GET
def file(request: HttpRequest, slug: str, dataset_id: int) -> FileResponse:
    """The zip, while the grant stands that it was made under; who took it is written down."""
    row = dataset_of(request, dataset_id)
    if not row.storage_path:
        raise Http404("The file of this dataset is gone.")
    if not stands(request.workspace, row.grant, now()):
        raise Http404("The grant of this dataset has ended.")
    if is_held(row):
        raise Http404("Somebody was put on hold since it was made.")
    record(request, request.workspace, "rights.dataset_taken", row.name, dataset=row.pk)
    return FileResponse(default_storage.open(row.storage_path), as_attachment=True, filename=f"dataset-{row.pk}.zip")


@member_view(May.CONNECT)
@require_POST
def remove(request: HttpRequest, slug: str, dataset_id: int) -> HttpResponse:
    """Delete the file; what left stays in the books."""
    row = dataset_of(request, dataset_id)
    delete_file(row)
    record(request, request.workspace, "rights.dataset_deleted", row.name, dataset=row.pk)
    messages.success(request, _("The file is deleted. What left, and when, stays in the books."))
    return redirect("rights:dataset", slug, row.pk)


@member_view(May.SEE)
@require_GET
def key(request: HttpRequest, slug: str) -> HttpResponse:
    """The public key that signs, as a file to give to those who check."""
    row = key_of(request.workspace, now())
    answer = HttpResponse(row.public, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-{row.key_id[:12]}.pem"'
    return answer


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def new_key(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign with another key from now on."""
    row = change_key(request.workspace, now())
    record(request, request.workspace, "rights.key_changed", row.key_id[:16])
    messages.success(request, _("Signed with a new key from now on. Give its public half to those who check."))
    return redirect("rights:datasets", slug)
