"""What the volunteers have found, as an astropy table:

python catalogue_into_astropy.py https://voorwerp.example vw_... deep-field shapes
"""

import sys

from astropy.io import ascii as text_tables
from astropy.table import Table
from voorwerp_client import Site


def catalogue(site: Site, project: str, workflow: str) -> Table:
    text = site.file(f"projects/{project}/workflows/{workflow}/catalogue.csv").decode()
    return text_tables.read(text, format="csv", guess=False)


if __name__ == "__main__":
    address, token, project, workflow = sys.argv[1:]
    catalogue(Site(address, token), project, workflow).pprint_all()
