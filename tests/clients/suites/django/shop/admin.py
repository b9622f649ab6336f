from django.contrib import admin

from . import models


@admin.register(models.Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display, search_fields, list_filter, date_hierarchy = ["name", "email"], ["name"], ["born"], "born"
