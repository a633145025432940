"""What an administrator does not see: task rows, for the text of a fault may hold what a person wrote."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

admin.site.unregister(DBTaskResult)
