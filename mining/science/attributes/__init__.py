"""What goes with what: the attributes of subjects against what people said of them.

`files` reads a table and `table` types its columns; `labels` takes what was said, as classes or as shares; `gain`
ranks the attributes by information. The other modules are the parts of that and what goes on from it: `splits`,
`levels` (the exact best binary split), `bins` (equal-frequency and MDL partitions), `permutation`, `bootstrap`,
`noise`, `derived`, `redundancy`, `tree`. docs/science.md says what the numbers mean.
"""
