"""What was made of it, and promised? Themes, points, commitments, the frozen version, its endorsements and its seal.

May import `trajectories`, `stakeholders` and `thuiswijk.lib`.
"""
