"""The house keeps its shape. The linter's contracts see imports; these see what imports do not show."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
KNOWS = {"stakeholders": {"stakeholders"}, "trajectories": {"stakeholders", "trajectories"}}
KNOWS["agendas"] = KNOWS["trajectories"] | {"agendas"}
LIBRARIES = {"auth", "contenttypes", "pghistory", "sessions", "admin"}


@pytest.mark.parametrize("app", KNOWS)
def test_foreign_keys_point_down(app):
    """A foreign key written as a string escapes the import linter; the registry knows where it points."""
    for model in apps.get_app_config(app).get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation:
                target = field.related_model._meta.app_label
                assert target in KNOWS[app] | LIBRARIES, f"{model.__name__}.{field.name} points up to {target}"


@pytest.mark.parametrize("app", [*KNOWS, "thuiswijk", "thuiswijk.lib"])
def test_package_has_a_charter(app):
    source = (ROOT / app.replace(".", "/") / "__init__.py").read_text()
    charter = ast.get_docstring(ast.parse(source))
    assert charter is not None
    assert "ay import" in charter


@pytest.mark.parametrize("app", KNOWS)
def test_view_has_one_name_in_four_places(app):
    """A view, its url name and its template share one name."""
    for pattern in get_resolver(f"{app}.urls").url_patterns:
        assert pattern.name == pattern.callback.__name__


def views() -> list[ast.FunctionDef]:
    found = []
    for path in [path for app in [*KNOWS, "thuiswijk"] for path in (ROOT / app).glob("*views.py")]:
        found += [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    return found


@pytest.mark.parametrize("view", views(), ids=lambda view: view.name)
def test_view_stops_after_five_beats(view):
    assert view.end_lineno - view.lineno + 1 <= 25


def test_no_module_named_after_a_pattern():
    patterns = {"utils", "helpers", "common", "services", "managers", "mixins", "base"}
    modules = [path for app in [*KNOWS, "thuiswijk"] for path in (ROOT / app).rglob("*.py")]
    assert modules
    assert not [path for path in modules if path.stem in patterns]


def test_every_template_is_used():
    """A template that no view, template or library asks for is in the way."""
    asked = "".join(
        path.read_text()
        for folder in (*KNOWS, "thuiswijk", "templates")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in (".py", ".html", ".txt")
    )
    # Asked for by libraries, or one for each section of the document (agendas.documents).
    by_libraries = (
        "allauth/",
        "account/",
        "mfa/",
        "socialaccount/",
        "400",
        "429",
        "django/forms/",
        "403",
        "404",
        "500",
        "agendas/document/",
        "trajectories/document/",
    )
    for path in (ROOT / "templates").rglob("*.*"):
        name = str(path.relative_to(ROOT / "templates"))
        assert name.startswith(by_libraries) or name in asked, f"nobody asks for {name}"
