"""Real data in: files of other platforms become projects, subjects, volunteers, classifications, votes."""
