"""The portal's own files for browsers, under names that hold a hash of their content."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Looks each file's address up once in a process: none changes while it runs, and each page names a dozen."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.url = cache(self.url)
