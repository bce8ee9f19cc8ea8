"""A Django project with nothing in it but django-rest-framework, on tables that Hospes made."""
