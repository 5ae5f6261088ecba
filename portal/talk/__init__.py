"""Talk: boards, discussions, comments; of people with accounts, about a project and its subjects."""
