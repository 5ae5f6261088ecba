"""Static files with a hash of their content in their name, so that browsers may keep them for ever."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedModulesStorage(ManifestStaticFilesStorage):
    """Also rewrites the imports of ES modules. Three traps: an import without a semicolon stays unhashed, an import
    inside a comment to a missing file stops `collectstatic`, and so does a cycle of imports."""

    support_js_module_import_aggregation = True
