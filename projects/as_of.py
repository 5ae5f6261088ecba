"""What a workflow's record said at a position, as parts of SQL: %(workflow)s and %(position)s are given.

Whoever reads answers as of a position joins these, so that all mean the same answers and the same persons.
"""

DISCOUNTED = """(
  SELECT d.classification_id FROM projects_ledgerentry e JOIN projects_discount d ON d.id = e.record_id
   WHERE e.workflow_id = %(workflow)s AND e.kind IN ('discount', 'restoration') AND e.position <= %(position)s
   GROUP BY 1 HAVING sum(CASE e.kind WHEN 'discount' THEN 1 ELSE -1 END) > 0
)"""
"""classification_id of those that were out of the count then."""

PERSONS = """(
  SELECT j.volunteer_id, j.person_id FROM projects_ledgerentry e JOIN projects_joining j ON j.id = e.record_id
   WHERE e.workflow_id = %(workflow)s AND e.kind = 'joining' AND e.position <= %(position)s
)"""
"""volunteer_id of each alias that had joined by then, and its person_id."""
