"""How many subjects a second does a core look at? `python -m benchmarks.rules_speed [RULES]` (default 100).

Listings of about 600 letters; of each rule a pattern of three words over all texts, every fourth with a price beside
it. Printed, in CPU time of this process: subjects a second by the rules' conditions alone, by the same patterns in bare
RE2 over the same texts (the limit), and the ratio; then the whole way through the database, with hits kept and live
rules' decisions written (CPU of this process and of PostgreSQL), where two rules in a hundred are live.
"""

import os
import random
import sys
import time

from benchmarks.site import stage

WORDS = 4000
LETTERS = 600
SUBJECTS = 2000


def word(random_: random.Random) -> str:
    return "".join(random_.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(random_.randint(3, 9)))


def compare(rules: int) -> None:
    import re2

    from projects.triage.conditions import check, evaluate, item

    draw = random.Random(1)
    words = [word(draw) for _ in range(WORDS)]
    texts = [" ".join(draw.choices(words, k=LETTERS // 7)) for _ in range(SUBJECTS)]
    prices = [draw.uniform(1, 100) for _ in texts]
    patterns = ["|".join(draw.sample(words, 3)) + "zz?" for _ in range(rules)]
    conditions = [
        ["all", ["matches", "*", pattern], ["lte", "price", 50]] if at % 4 == 0 else ["matches", "*", pattern]
        for at, pattern in enumerate(patterns)
    ]
    for condition in conditions:
        check(condition, {"price": "number"})

    begun = time.process_time()
    hits = 0
    for text, price in zip(texts, prices, strict=True):
        it = item({"price": price}, {"Title": text[:60], "Text": text})
        hits += sum(evaluate(condition, it)[0] is True for condition in conditions)
    ours = SUBJECTS / (time.process_time() - begun)

    options = re2.Options()
    options.case_sensitive = False
    bare = [re2.compile(pattern, options) for pattern in patterns]
    begun = time.process_time()
    for text in texts:
        for pattern in bare:
            pattern.search(text[:60])
            pattern.search(text)
    limit = SUBJECTS / (time.process_time() - begun)
    print(f"{rules} rules, {SUBJECTS:,} subjects, {hits:,} hits")
    print(f"    conditions alone   {ours:10,.0f} subjects/s of a core")
    print(f"    bare RE2           {limit:10,.0f}              ratio {limit / ours:.2f}", flush=True)
    whole(texts, prices, conditions)


def whole(texts: list[str], prices: list[float], conditions: list[list[object]]) -> None:
    from django.db import connection

    from benchmarks.cpu import cpu_ms
    from projects.models import Decision, Rule, RuleHit
    from projects.services import NewMedia, NewSubject, import_subjects
    from projects.services.rule_work import tend_rules
    from tests.projects.factories import make_workflow

    workflow = make_workflow(0)
    workflow.project.attributes.create(key="price", label="Price")
    Rule.objects.bulk_create(
        Rule(
            workflow=workflow,
            slug=f"r{at}",
            title=f"r{at}",
            condition=condition,
            verdict="fraud",
            state="live" if at % 50 == 0 else "background",
        )
        for at, condition in enumerate(conditions)
    )
    import_subjects(
        workflow.subject_set,
        [
            NewSubject(
                f"n{at}",
                [NewMedia("n.png", "image/png")],
                {"Title": text[:60], "Text": text},
                {"price": price},
            )
            for at, (text, price) in enumerate(zip(texts, prices, strict=True))
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    before, begun = cpu_ms(backend), time.process_time()
    looked = tend_rules()
    server = (cpu_ms(backend) - before) / 1000
    here = time.process_time() - begun
    print(
        f"    the whole way      {looked / (here + server):10,.0f}              "
        f"({RuleHit.objects.count():,} hits kept, {Decision.objects.count():,} decisions; "
        f"here {here:.2f} s, PostgreSQL {server:.2f} s)"
    )


def main() -> None:
    if "--inside" in sys.argv:
        import django

        django.setup()
        compare(int(sys.argv[-1]))
        return
    with stage() as here:
        here.environment["PYTHONUNBUFFERED"] = "1"
        os.environ.update(here.environment)
        rules = sys.argv[1] if len(sys.argv) > 1 else "100"
        print(here.run("-m", "benchmarks.rules_speed", "--inside", rules))


if __name__ == "__main__":
    main()
