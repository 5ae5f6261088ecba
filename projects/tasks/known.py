"""How a workflow uses subjects whose answer is known: hidden checks, training, exam. Part of its definition. Pure."""

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Checks(BaseModel):
    """The share of hidden checks among what a volunteer is handed: it falls with how many they have been handed.

    `shares`: [up to how many subjects, share], in order; from the last on `floor` holds. All of it counts only while
    there are known subjects that the volunteer has not seen; when they run out nothing is repeated.
    """

    model_config = ConfigDict(extra="forbid")

    shares: list[tuple[int, float]] = [(20, 0.4), (40, 0.3), (60, 0.2)]
    floor: float = Field(0.1, ge=0, le=0.5)

    @field_validator("shares")
    @classmethod
    def _in_order(cls, value: list[tuple[int, float]]) -> list[tuple[int, float]]:
        ends = [end for end, _ in value]
        if ends != sorted(set(ends)) or any(end < 1 for end in ends):
            raise ValueError("the numbers of subjects grow from one share to the next")
        if any(not 0 <= share <= 0.5 for _, share in value):
            raise ValueError("a share lies between 0 and 0.5")
        return value

    @property
    def most(self) -> float:
        """The greatest share that is ever asked for."""
        return max([self.floor, *(share for _, share in self.shares)])

    def share(self, served: int) -> float:
        """For the subject that comes after `served` others."""
        return next((share for end, share in self.shares if served < end), self.floor)


class Training(BaseModel):
    """Known subjects with feedback at once, before the work itself. `subjects`: how many make a training."""

    model_config = ConfigDict(extra="forbid")

    subjects: int = Field(10, ge=1, le=200)


class Exam(BaseModel):
    """Known subjects without feedback. Who reaches the pass mark is granted a qualification of the project."""

    model_config = ConfigDict(extra="forbid")

    subjects: int = Field(10, ge=1, le=200)
    pass_mark: float = Field(0.8, gt=0, le=1, description="Least mean score, 0 to 1.")
    tries: int = Field(3, ge=1, le=20)
    retry_after_hours: float = Field(24, ge=0, le=24 * 365)
    grants: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50, description="Slug of a qualification."
    )
