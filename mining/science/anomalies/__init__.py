"""What is odd, without a trained model: subjects whose votes, answers or attributes do not fit, and volunteers
unlike the rest.

Each list (`votes`, `attributes`) gives every item a strength and a reason as data; `combine` ranks by all lists
together; `reasons.words` makes a sentence of a reason. `volunteers` looks at who answers.
"""
