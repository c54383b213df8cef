"""The contract source: the Schemathesis command line in child processes of ours.

    source       what the pipeline sees: plan the jobs, run them, confirm, write outcomes
    jobs         which operations go together, longest work first
    workers      the parent's side of the processes          worker   the child's side
    link         what the two say to each other
    config       the written configuration and the arguments of one job
    hooks        what the engine loads                        engine   the only file that knows the engine's objects
    rewrite      the contract as the engine should read it
    candidates   our own event schema: what a job reports     false_alarms   rules that explain a candidate away
    causes       candidates of many operations, one cause      confirm        the cause, sent again
    verdicts     the outcome of each check                     mapping        the engine's check names and ours

Nothing here judges: a candidate becomes a finding when it was seen again on a fresh request, and only then.
"""
