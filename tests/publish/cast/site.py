"""Makes a podcast's site with django-cast: `python site.py FOLDER PASSWORD`, run by the environment that has it.

In: a folder that is not there yet; out: a project in it with a database, a podcast, a blog and an editor named ada.
"""

import os
import subprocess
import sys
from pathlib import Path

SETUP = """
import os
from django.contrib.auth import get_user_model
from wagtail.models import Page, Site
from cast.models import Blog
ada = get_user_model().objects.create_superuser("ada", "ada@example.org", os.environ["PASSWORD"])
root = Page.objects.get(depth=1)
home = root.get_children().first()
blog = Blog(title="Clips", slug="clips", owner=ada)
home.add_child(instance=blog)
print(blog.pk)
"""


def main() -> None:
    from cast import quickstart

    folder, password = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True)
    for step in (
        quickstart.create_project_structure, quickstart.create_settings_file, quickstart.create_urls_file,
        quickstart.create_wsgi_file, quickstart.create_manage_py, quickstart.create_base_template,
    ):  # fmt: skip
        step("show", folder)
    project = folder / "show"
    manage = [sys.executable, str(project / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)
    subprocess.run([*manage, "collectstatic", "--noinput", "--verbosity", "0"], check=True)
    subprocess.run([*manage, "shell", "-c", SETUP], check=True, env={**os.environ, "PASSWORD": password})


if __name__ == "__main__":
    main()
