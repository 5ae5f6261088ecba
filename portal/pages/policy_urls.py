"""Addresses of policies, rules, bands and who decides."""

from django.urls import URLPattern, path

from portal.pages import bands, policies, policy_changes, rules

POLICIES = "projects/<slug:slug>/policies/"
POLICY = f"{POLICIES}<slug:policy>/"
RULES = "projects/<slug:slug>/rules/<slug:workflow>/"
BANDS = "projects/<slug:slug>/bands/<slug:workflow>/"

urlpatterns: list[URLPattern] = [
    path(POLICIES, policies.policies, name="policies"),
    path(POLICY, policies.policy, name="policy"),
    path(f"{POLICY}text/", policies.text, name="policy_text"),
    path(f"{POLICY}categories/<slug:key>/", policies.category, name="policy_category"),
    path(f"{POLICY}changes/<int:number>/", policy_changes.changes, name="policy_changes"),
    path("projects/<slug:slug>/triage/<slug:workflow>/", rules.triage, name="triage"),
    path(RULES, rules.rules, name="rules"),
    path(f"{RULES}<slug:rule>/", rules.rule, name="rule"),
    path(BANDS, bands.bands, name="bands"),
    path(f"{BANDS}<slug:band>/", bands.band, name="band"),
]
