"""Refusals in the reference platform's form: its clients raise what stands under `errors`, or under `error`."""

from django.http import JsonResponse


class Refused(Exception):
    """A status and a sentence for whoever runs the script."""

    def __init__(self, status: int, message: object) -> None:
        self.status = status
        self.message = str(message)
        super().__init__(self.message)


def refusal(status: int, message: object) -> JsonResponse:
    return JsonResponse({"errors": [{"message": str(message)}]}, status=status)
