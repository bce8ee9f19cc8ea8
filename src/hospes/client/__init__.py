"""A typed client of the REST API. It stands alone: neither Django nor the server is needed."""

from hospes.client.caller import Answer
from hospes.client.client import Client
from hospes.client.errors import ApiError, Fault, TaskFailed, TaskTimeout

__all__ = ["Answer", "ApiError", "Client", "Fault", "TaskFailed", "TaskTimeout"]
