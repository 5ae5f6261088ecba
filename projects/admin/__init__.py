"""The staff's view of the record: what is written here goes through the services, and nothing is taken away.

Django does not show tables with a composite key (states, leases, evidence, the ledger); the results pages do.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from projects.admin import lane, people, project, record, subject, workflow

__all__ = ["lane", "people", "project", "record", "subject", "workflow"]

admin.site.site_header = "Voorwerp"
admin.site.site_title = "Voorwerp"
admin.site.index_title = _("Staff")
